// What a child tells the control process by its exit status, with Apache's numbers.
#pragma once

namespace preforkd::pool {

enum ExitStatus : int {
    exit_done = 0,   // it was told to leave, or served its share
    exit_start = 2,  // it could not start
    exit_sick = 7,   // the system lacks something; forking more children would not help
    exit_fatal = 15, // no child can work: the server must stop
    exit_hung = 16,  // it was sent SIGUSR2, and left its stack in its slot (not Apache's)
};

} // namespace preforkd::pool
