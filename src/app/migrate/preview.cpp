#include "app/migrate/preview.h"

#include <csignal>
#include <fmt/format.h>
#include <utility>

#include "net/connect.h"
#include "net/port_probe.h"
#include "os/file.h"
#include "os/process.h"
#include "os/program.h"

namespace preforkd::migrate {

namespace {

constexpr Duration longest_start = std::chrono::seconds(20);
constexpr Duration glance = std::chrono::milliseconds(20);

bool answers(unsigned short port) {
    for (const auto* host : {"127.0.0.1", "::1"})
        if (net::connect_to(*net::Address::parse(host, port), longest_start)) return true;
    return false;
}

} // namespace

Result<Preview> Preview::start(const CommandLine& line, unsigned short first_port,
                               const std::string& program) {
    auto folder = TemporaryFolder::create("preforkd-preview");
    if (!folder) return folder.error();
    auto flat = flatten(line, folder->path(), first_port);
    if (!flat) return flat.error();
    Preview preview(std::move(*folder), std::move(*flat));
    if (auto run = preview.run(program, line); !run) return run.error();
    if (auto waited = preview.wait_until_it_answers(); !waited) return waited.error();
    return preview;
}

Preview::Preview(Preview&& other) noexcept
    : folder_(std::move(other.folder_)), flat_(std::move(other.flat_)),
      process_(std::exchange(other.process_, 0)), status_(other.status_) {}

Preview::~Preview() { end(); }

Status Preview::run(const std::string& program, const CommandLine& line) {
    const std::string file = folder() + "/preview.conf";
    if (auto written = replace_file(file, flat_.text); !written) return written;
    const CommandWords command{program, "-d",        line.server_root.value_or("/"), "-f", file,
                               "-D",    "FOREGROUND"};
    const auto started = start_program(command, 0, 1);
    if (!started) return started.error();
    process_ = *started;
    return {};
}

bool Preview::has_ended() {
    if (process_ == 0) return true;
    const auto ended = reap_ended_process();
    if (!ended || ended->pid != process_) return false;
    status_ = ended->signal != 0 ? 128 + ended->signal : ended->exit_status;
    process_ = 0;
    return true;
}

// A listener of a certain address does not answer on the loopback one; the pid file tells, too.
bool Preview::is_over_after(Duration duration) {
    const auto number = signals_.wait(Deadline::after(duration));
    return has_ended() || (number && *number != SIGCHLD);
}

bool Preview::is_over() { return is_over_after(Duration::zero()); }

Status Preview::wait_until_it_answers() {
    const Deadline deadline = Deadline::after(longest_start);
    const auto& ports = flat_.ports.pairs();
    struct stat status {};
    const std::string pid_file = folder() + "/preforkd.pid";
    while (!deadline.passed()) {
        if (stat_path(pid_file.c_str(), status) == 0 && !ports.empty()) {
            answers(ports.front().to);
            return {};
        }
        if (is_over_after(glance)) return Error{"preforkd has not started"};
    }
    return Error{"preforkd has not begun to serve"};
}

int Preview::wait() {
    while (!is_over_after(std::chrono::seconds(1))) {
    }
    return end();
}

int Preview::end() {
    if (process_ == 0) return status_;
    send_signal(process_, SIGTERM);
    const auto status = wait_for_program(std::exchange(process_, 0));
    return status ? *status : 1;
}

Result<unsigned short> find_free_ports(unsigned short from, unsigned short count) {
    constexpr unsigned last = 60'000;
    for (unsigned first = from; first < last; first += count) {
        unsigned free = 0;
        while (free < count &&
               net::try_to_bind_any_address(static_cast<unsigned short>(first + free), false))
            ++free;
        if (free == count) return static_cast<unsigned short>(first);
    }
    return Error{"no ports are free for a preview"};
}

} // namespace preforkd::migrate
