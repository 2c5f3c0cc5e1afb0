// preforkd beside the Apache that runs, with the same configuration on other ports.
#pragma once

#include <csignal>
#include <string>

#include "app/command_line.h"
#include "app/migrate/flat_configuration.h"
#include "base/result.h"
#include "os/signals.h"
#include "os/temporary_folder.h"

namespace preforkd::migrate {

class Preview {
  public:
    // Runs once somebody answers at its first port; fails where it ends before. `program` is
    // preforkd.
    static Result<Preview> start(const CommandLine& line, unsigned short first_port,
                                 const std::string& program);
    Preview(Preview&& other) noexcept;
    Preview& operator=(Preview&&) = delete;
    ~Preview(); // ends it, and with it its folder

    const FlatConfiguration& configuration() const { return flat_; }
    const std::string& folder() const { return folder_.path(); }
    // Until it ends, or a signal asks this process to. Answers its exit status.
    int wait();
    // Whether it has ended, or a signal asks this process to.
    bool is_over();

  private:
    Preview(TemporaryFolder folder, FlatConfiguration flat)
        : folder_(std::move(folder)), flat_(std::move(flat)) {}
    Status run(const std::string& program, const CommandLine& line);
    Status wait_until_it_answers();
    bool has_ended();
    bool is_over_after(Duration duration);
    int end();

    // From here on nothing ends this process before it has ended the other one.
    SignalQueue signals_{SIGINT, SIGTERM, SIGHUP, SIGCHLD};
    TemporaryFolder folder_;
    FlatConfiguration flat_;
    int process_ = 0; // 0: none runs
    int status_ = 0;  // of the one that has ended
};

// So many ports in a row that nobody listens on.
Result<unsigned short> find_free_ports(unsigned short from, unsigned short count);

} // namespace preforkd::migrate
