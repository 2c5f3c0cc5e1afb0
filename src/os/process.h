// Processes: making them, hearing of their end, and a daemon's place among them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>

#include "base/result.h"
#include "os/unique_fd.h"

namespace preforkd {

// A child process that ended and was waited for.
struct EndedProcess {
    pid_t pid = 0;
    int exit_status = 0; // when it ended by itself
    int signal = 0;      // that ended it, or 0
    bool dumped_core = false;
};

// 0 in the new process.
Result<pid_t> fork_process();
// Forks a process that is not our child: who takes orphans in, say the service manager, hears of
// its end. It runs `run`, and ends if that returns. Answers its number.
Result<pid_t> fork_orphan(const std::function<void()>& run);
// One child that has ended; does not wait for one to end.
std::optional<EndedProcess> reap_ended_process();
// A child process that was stopped (SIGSTOP and the like), or goes on after that.
struct StopOrGo {
    pid_t pid = 0;
    bool stopped = false;
};
// One that nobody was told of yet.
std::optional<StopOrGo> next_stop_or_go();
// Ends this process at once; nothing is flushed or destroyed.
[[noreturn]] void end_process(int status);
pid_t current_process();
// Leaves the session, and with it the process group, for new ones that this process leads.
void begin_session();
// Also one that this process may not signal.
bool process_exists(pid_t process);
// Whether `parent` started this process and is no more.
bool was_orphaned_by(pid_t parent);
bool send_signal(pid_t process, int number);

// This process gets `number` when its parent ends; answers false if the parent has ended already.
// Requires: privileges were dropped before, because the kernel forgets the wish then.
bool end_with_parent(pid_t parent, int number);
// Whether a crash may leave a core file, which may hold secrets.
void allow_core_dumps(bool allowed);
// Where the limit of core files is zero but may be raised, raises it as far as it goes.
void raise_core_limit();
Status change_directory(const std::string& path);
// Standard input and output become /dev/null.
void detach_standard_streams();
// Descriptor 2, and with it what libraries and CGI programs say, goes where `descriptor` goes.
void redirect_standard_error(int descriptor);

// A pipe, close-on-exec. Reading from it never waits.
struct Pipe {
    UniqueFd reading;
    UniqueFd writing;
    static Result<Pipe> open();
};
enum class Word : unsigned char { not_yet, said, never }; // never: the other end was closed
// What somebody who was to write a single byte into a pipe has said.
Word hear_word(const Pipe& pipe);
void say_word(int descriptor);

// Leaves the terminal and lets whoever started us wait until we are ready to serve.
class Daemon {
  public:
    // Forks. The first process waits for the other's word and ends with its exit status; only the
    // other one, leader of a new session, returns. Standard input and output become /dev/null.
    static Result<Daemon> detach();

    // Tells the first process that it may end with success. If this process ends without it, the
    // first one ends with 1.
    void ready();

  private:
    UniqueFd launcher_; // a pipe that the first process reads
};

// Leads a process group of its own, so that a signal to the group reaches this process and its
// children, and nobody else. Where the old group held the terminal, the new one gets it, because
// Ctrl-C must keep working, and gives it back in the end.
class OwnProcessGroup {
  public:
    OwnProcessGroup();
    OwnProcessGroup(const OwnProcessGroup&) = delete;
    OwnProcessGroup& operator=(const OwnProcessGroup&) = delete;
    ~OwnProcessGroup();

  private:
    pid_t terminal_owner_ = 0; // 0: nothing to give back
    pid_t owner_process_ = 0;  // forked children give nothing back
};

} // namespace preforkd
