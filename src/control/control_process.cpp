#include "control/control_process.h"

#include <algorithm>
#include <csignal>
#include <ctime>
#include <fmt/format.h>
#include <optional>
#include <thread>
#include <utility>

#include "base/text.h"
#include "child/main_log.h"
#include "control/announcement.h"
#include "control/child_pool.h"
#include "control/generation.h"
#include "control/history.h"
#include "control/pid_file.h"
#include "control/service_report.h"
#include "control/shutdown.h"
#include "control/upgrade.h"
#include "os/clock.h"
#include "os/heap.h"
#include "os/process.h"
#include "os/service_manager.h"
#include "os/signals.h"
#include "os/stack_trace.h"
#include "pipeline/core_settings.h"

namespace preforkd {

namespace {

// With it ends every process, of the machine or of the container.
constexpr pid_t init_process = 1;

enum class Restart : unsigned char { now, gracefully };

class ControlProcess {
  public:
    ControlProcess(std::unique_ptr<Generation> generation, pool::Scoreboard& scoreboard,
                   const ServiceManager& manager, const RunOptions& options)
        : options_(options), generation_(std::move(generation)), scoreboard_(scoreboard),
          manager_(manager), report_(manager, scoreboard), pool_(scoreboard),
          upgrade_(options.program, !options.foreground), signals_{SIGTERM, SIGINT,  SIGHUP,
                                                                   SIGUSR1, SIGUSR2, SIGWINCH,
                                                                   SIGCHLD} {}

    // Fails before the first child is forked, or not at all.
    Status start(std::optional<Inheritance> inheritance);
    void begin_serving();
    int run();
    int run_alone();

  private:
    std::optional<int> react_to(int signal);
    void keep_house();
    void start_the_rest();
    void keep_log_programs();
    bool bury_children();
    void restart(Restart how);
    void refuse(std::string_view error);
    void start_new_generation(std::unique_ptr<Generation> next, Restart how);
    void relieve_old_children();
    int stop();
    void let_in_who_waits();
    int stop_gracefully();
    void upgrade();
    void give_up_upgrade(const std::string& reason);
    int hand_over();
    Status write_pid(bool takes_over = false);
    void remove_pid() const;
    void log(std::string_view module, log::Level level, std::string_view text) const;
    void log_lines(log::Level level, std::string_view text) const;

    const RunOptions& options_;
    std::unique_ptr<Generation> generation_;
    pool::Scoreboard& scoreboard_;
    const ServiceManager& manager_;
    ServiceReport report_;
    ChildPool pool_;
    Upgrade upgrade_;
    SignalQueue signals_;
    int children_to_start_ = 0; // of a new generation, as old children leave
    bool is_successor_ = false; // the control process before tells the service manager
    bool fatal_ = false;
};

Status ControlProcess::start(std::optional<Inheritance> inheritance) {
    auto& global = scoreboard_.global();
    global.control_pid = current_process();
    global.server_started_at = microseconds_since_1970();
    global.restarted_at = global.server_started_at.load();
    global.extended = generation_->settings.extended_status.value_or(false);
    ignore_signal(SIGPIPE);
    ignore_signal(SIGXFSZ); // a log that has reached its limit is no reason to die
    prepare_stack_traces();
    // First, because after it standard error is the log's.
    if (auto written = write_pid(inheritance.has_value()); !written) return written;
    enter_generation(*generation_);
    give_back_free_memory(); // of the text that was read: children would inherit it
    if (inheritance) inheritance->accept(generation_->listeners);
    is_successor_ = inheritance.has_value();
    return {};
}

// Once nothing is open that is not for children.
void ControlProcess::begin_serving() {
    if (!options_.one_process)
        pool_.fork_children(*generation_, generation_->settings.start_servers);
    announce(*generation_, options_);
    if (!is_successor_) report_.started();
}

int ControlProcess::run() {
    auto next_second = SteadyClock::now() + std::chrono::seconds(1);
    for (;;) {
        const auto signal = signals_.wait(Deadline::at(next_second));
        if (signal) {
            if (const auto status = react_to(*signal)) return *status;
        }
        if (fatal_) return stop();
        if (SteadyClock::now() < next_second) continue;
        next_second = SteadyClock::now() + std::chrono::seconds(1);
        pool_.watch_children(*generation_);
        if (!bury_children()) keep_house();
        report_.second_passed();
        const auto news = upgrade_.hear();
        if (news == Upgrade::News::serves) return hand_over();
        if (news == Upgrade::News::failed) give_up_upgrade("the new one ended before it served");
    }
}

// Answers the exit status if the server has stopped.
std::optional<int> ControlProcess::react_to(int signal) {
    switch (signal) {
    case SIGTERM:
    case SIGINT: return stop();
    case SIGWINCH: return stop_gracefully();
    case SIGHUP: restart(Restart::now); break;
    case SIGUSR1: restart(Restart::gracefully); break;
    case SIGUSR2: upgrade(); break;
    default: bury_children(); break;
    }
    return std::nullopt;
}

// The upkeep of one second.
void ControlProcess::keep_house() {
    keep_log_programs();
    record_second(scoreboard_, std::time(nullptr));
    pool_.remind();
    if (children_to_start_ > 0) start_the_rest();
    else pool_.keep_spare_servers(*generation_);
    relieve_old_children();
    for (auto* monitor : generation_->monitor) monitor();
}

// Where there is no room for them, spare servers are what there has to be enough of from now on.
void ControlProcess::start_the_rest() {
    children_to_start_ -= pool_.fork_children(*generation_, children_to_start_);
    if (!pool_.has_room(*generation_)) children_to_start_ = 0;
}

// What is written to its pipe meanwhile waits there for the program that is started again.
void ControlProcess::keep_log_programs() {
    for (const auto& program : generation_->log_programs) {
        const auto restarted = program->restart_if_ended();
        if (!restarted) {
            log("core", log::Level::error, restarted.error().what);
        } else if (*restarted) {
            log("core", log::Level::error,
                fmt::format("AH00106: piped log program '{}' failed unexpectedly",
                            program->command()));
        }
    }
}

// Answers whether an old child was replaced, after which the pool needs another second to settle.
bool ControlProcess::bury_children() {
    bool replaced = false;
    while (const auto ended = reap_ended_process()) {
        const Loss loss = pool_.bury(*generation_, *ended);
        if (loss == Loss::fatal) fatal_ = true;
        if (loss == Loss::not_a_child)
            for (const auto& program : generation_->log_programs)
                program->process_ended(ended->pid);
        if (loss == Loss::not_a_child || fatal_ || children_to_start_ == 0) continue;
        children_to_start_ -= pool_.fork_children(*generation_, 1);
        replaced = true;
    }
    if (replaced) relieve_old_children();
    return replaced;
}

// Apache dies of a configuration that it cannot read. Here the old one goes on serving.
void ControlProcess::restart(Restart how) {
    log("mpm_prefork", log::Level::notice,
        how == Restart::gracefully ? "AH00171: Graceful restart requested, doing restart"
                                   : "AH00173: SIGHUP received.  Attempting to restart");
    report_.reloading();
    auto read = options_.read();
    if (const auto* error = std::get_if<config::ConfigError>(&read)) return refuse(error->text());
    auto next =
        prepare_generation(std::move(std::get<std::unique_ptr<config::Configuration>>(read)),
                           generation_.get(), generation_->listeners);
    if (!next) return refuse(next.error().what);
    start_new_generation(std::move(*next), how);
    report_.reloaded();
}

void ControlProcess::refuse(std::string_view error) {
    log_lines(log::Level::error, error);
    log("core", log::Level::error, "configuration not changed, the old one serves on");
    report_.refused(error);
}

// In both ways a child finishes the request at hand, and listeners stay open. "Now" means that the
// new children need not wait for the old ones to leave.
void ControlProcess::start_new_generation(std::unique_ptr<Generation> next, Restart how) {
    const std::string old_pid_file = generation_->settings.pid_file;
    auto before = std::exchange(generation_, std::move(next));
    generation_->predecessor =
        before->predecessor ? std::move(before->predecessor) : std::move(before);
    before.reset(); // one that never had a child
    if (generation_->settings.pid_file != old_pid_file) {
        remove_pid_file(old_pid_file);
        if (auto written = write_pid(); !written)
            log("core", log::Level::error, written.error().what);
    }
    enter_generation(*generation_);
    if (generation_->predecessor) generation_->predecessor->forget_configuration();
    give_back_free_memory(); // before the fork: what is freed after it, the children keep
    auto& global = scoreboard_.global();
    global.extended = generation_->settings.extended_status.value_or(false);
    global.restarted_at = microseconds_since_1970();
    pool_.hope_for_the_best(*generation_);
    children_to_start_ = generation_->settings.start_servers;
    const int at_once = how == Restart::now ? children_to_start_ : 1;
    children_to_start_ -= pool_.fork_children(*generation_, at_once);
    if (how == Restart::gracefully) pool_.hold_off_doubling();
    relieve_old_children();
    announce(*generation_, options_);
    if (generation_->predecessor)
        log("mpm_prefork", log::Level::warn, "old children serve on until new ones can be forked");
}

// Not before somebody is there to serve in their place.
void ControlProcess::relieve_old_children() {
    if (!generation_->predecessor || !pool_.has_begun(*generation_)) return;
    pool_.retire_before(generation_->number);
    generation_->predecessor.reset();
}

int ControlProcess::stop() {
    report_.stopping();
    upgrade_.abandon();
    end_children(pool_, *generation_, signals_);
    remove_pid();
    if (fatal_) return 1;
    log("mpm_prefork", log::Level::notice, "AH00169: caught SIGTERM, shutting down");
    return 0;
}

// Whoever is in the kernel's queue is connected, and may have sent a request: to stop listening
// would reset the connection. Where every child is busy, it may come to that after a second.
void ControlProcess::let_in_who_waits() {
    const auto& open = generation_->listeners.open;
    const auto end = Deadline::after(std::chrono::seconds(1));
    while (!end.passed() && std::any_of(open.begin(), open.end(), [](const auto& listener) {
        return !listener.lent && listener.has_waiting();
    }))
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

int ControlProcess::stop_gracefully() {
    report_.stopping();
    upgrade_.abandon();
    let_in_who_waits();
    for (const auto& listener : generation_->listeners.open) listener.stop_listening();
    remove_pid();
    log("mpm_prefork", log::Level::notice, "AH00170: caught SIGWINCH, shutting down gracefully");
    end_children_gracefully(pool_, *generation_, signals_);
    return 0;
}

void ControlProcess::upgrade() {
    if (upgrade_.under_way())
        return log("mpm_prefork", log::Level::warn,
                   fmt::format("SIGUSR2 ignored: process {} is about to take over already",
                               upgrade_.successor()));
    if (current_process() == init_process)
        return log("mpm_prefork", log::Level::error,
                   "SIGUSR2 ignored: this is process 1, and nothing could outlive its end");
    log("mpm_prefork", log::Level::notice,
        "SIGUSR2 received, starting " + options_.program.front() + " to take over");
    if (auto begun = upgrade_.begin(generation_->listeners, manager_); !begun)
        give_up_upgrade(begun.error().what);
}

// The new process may have come as far as writing the pid file.
void ControlProcess::give_up_upgrade(const std::string& reason) {
    log("mpm_prefork", log::Level::error,
        "nobody has taken over, this control process serves on: " + reason);
    if (auto written = write_pid(true); !written)
        log("core", log::Level::error, written.error().what);
}

// Listening sockets and pid file are the new control process's now, unless PidFile names another
// since.
int ControlProcess::hand_over() {
    report_.handed_over_to(upgrade_.successor());
    log("mpm_prefork", log::Level::notice,
        fmt::format("control process {} has taken over, shutting down gracefully",
                    upgrade_.successor()));
    remove_pid_file_of(current_process(), generation_->settings.pid_file);
    end_children_gracefully(pool_, *generation_, signals_);
    return 0;
}

// -X: this process serves.
int ControlProcess::run_alone() {
    const int status = run_child(
        {*generation_->configuration, *generation_->hosts, generation_->listeners.of_bucket(0),
         generation_->accept_mutex_of(0), scoreboard_, 0, generation_->number,
         generation_->identity ? &*generation_->identity : nullptr, 0, generation_->child_init,
         generation_->child_exit, generation_->log_programs});
    remove_pid();
    log("mpm_prefork", log::Level::notice, "AH00169: caught SIGTERM, shutting down");
    return status;
}

Status ControlProcess::write_pid(bool takes_over) {
    const auto& path = generation_->settings.pid_file;
    const auto was = write_pid_file(path, current_process());
    if (!was) return Error{"AH00099: could not create " + path + ": " + was.error().what};
    if (*was == PidFileWas::stale && !takes_over)
        log("core", log::Level::warn,
            fmt::format("AH00098: pid file {} overwritten -- Unclean shutdown of previous Apache "
                        "run?",
                        path));
    return {};
}

void ControlProcess::remove_pid() const {
    const auto& path = generation_->settings.pid_file;
    remove_pid_file(path);
    log("core", log::Level::info,
        fmt::format("AH00096: removed PID file {} (pid={})", path, current_process()));
}

void ControlProcess::log(std::string_view module, log::Level level, std::string_view text) const {
    write_main_log(*generation_->configuration, {.module = module, .level = level, .text = text});
}

// An error that is several lines long on a terminal is several entries in a log.
void ControlProcess::log_lines(log::Level level, std::string_view text) const {
    for (const auto line : split(text, '\n'))
        if (!line.empty()) log("core", level, line);
}

// Before the error log is open, standard error is where Apache's start speaks, in bare lines.
void say_at_start(std::string_view text) { fmt::print(stderr, "{}\n", text); }

// The service manager holds on to them all the same.
void say_what_was_not_taken(const Listeners& offered, const Listeners& taken) {
    for (const auto& given : offered.given)
        if (!taken.have(given.address))
            say_at_start("The service manager's socket " + given.address.text() +
                         " is not used: no Listen line means it");
}

// A daemon keeps no file system busy but those of its files: unless -d or -f are to be found again
// from where it was started.
void leave_folder(const config::Configuration& configuration) {
    if (!configuration.main_file.starts_with('/') || !configuration.server_root.starts_with('/'))
        return;
    if (auto moved = change_directory("/"); !moved) say_at_start(moved.error().what);
}

int failed_start(const Error& error) {
    say_at_start(error.what);
    return 1;
}

} // namespace

int run_control_process(std::unique_ptr<config::Configuration> configuration,
                        const RunOptions& options) {
    ::tzset();                                         // once, and not in each child
    auto manager = ServiceManager::from_environment(); // before a fork: it names this process
    auto inheritance = Inheritance::from_environment();
    Listeners open;
    open.given = adopt_sockets(manager.take_sockets());
    std::optional<Daemon> daemon;
    std::optional<OwnProcessGroup> group;
    if (options.foreground || options.one_process) {
        group.emplace();
    } else if (!inheritance) {
        auto detached = Daemon::detach();
        if (!detached) return failed_start(detached.error());
        daemon = std::move(*detached);
        leave_folder(*configuration);
    }
    // Whoever connects may as well end the server at once: that waits until it can be done in
    // order.
    // SIGINT stays, for a person who is asked for a pass phrase.
    const SignalQueue held_back{SIGTERM};
    auto generation = prepare_generation(std::move(configuration), nullptr,
                                         inheritance ? inheritance->listeners() : open);
    if (!generation) return failed_start(generation.error());
    say_what_was_not_taken(open, (*generation)->listeners);
    open = {};
    for (const auto& warning : (*generation)->warnings) say_at_start(warning.at_start);
    auto scoreboard = pool::Scoreboard::create((*generation)->settings.server_limit,
                                               (*generation)->settings.scoreboard_file);
    if (!scoreboard) return failed_start(scoreboard.error());
    pool::Scoreboard::set_current(&*scoreboard);
    ControlProcess control(std::move(*generation), *scoreboard, manager, options);
    if (auto started = control.start(std::move(inheritance)); !started)
        return failed_start(started.error());
    if (daemon) daemon->ready();
    control.begin_serving();
    return options.one_process ? control.run_alone() : control.run();
}

} // namespace preforkd
