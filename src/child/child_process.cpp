#include "child/child_process.h"

#include <optional>
#include <string>

#include "child/acceptor.h"
#include "child/connection.h"
#include "child/crash_trace.h"
#include "child/departure.h"
#include "child/lingering_close.h"
#include "child/main_log.h"
#include "child/privileges.h"
#include "child/tenure.h"
#include "config/process_settings.h"
#include "net/tcp_stream.h"
#include "os/heap.h"
#include "os/process.h"
#include "os/system_error.h"
#include "pool/exit_status.h"

namespace preforkd {

namespace {

class Child {
  public:
    explicit Child(const ChildContext& context)
        : context_(context), slot_(context.scoreboard.slot(context.slot)) {}

    int run();

  private:
    Status start();
    void leave_traces();
    Status leave_to_control_process();
    int serve_connections();
    void serve(ConnectionServer& server, Arrival arrival);
    int give_up(const NoArrival& reason) const;
    void say(log::Level level, std::string_view text, int code = 0) const {
        write_main_log(context_.configuration,
                       {.module = "mpm_prefork", .level = level, .text = text, .code = code});
    }

    const config::ProcessSettings& settings() const {
        return context_.configuration.main_server().of<config::ProcessSettings>();
    }

    const ChildContext& context_;
    pool::Slot& slot_;
    std::optional<Tenure> tenure_;
};

int Child::run() {
    slot_.pid = current_process();
    const bool forked = context_.control_process != 0;
    obey_departure_signals(context_.listeners, context_.child_exit,
                           forked ? OnSignal::may_end_process : OnSignal::only_asks);
    if (forked) leave_traces();
    depart_after_generation(context_.scoreboard.global().generation, context_.generation);
    if (forked && context_.accept_mutex)
        clear_up_if_orphaned(*context_.accept_mutex, context_.control_process);
    if (auto started = start(); !started) {
        say(log::Level::emerg, started.error().what);
        return is_shortage(started.error().code) ? pool::exit_sick : pool::exit_fatal;
    }
    return serve_connections();
}

// For the control process to read.
void Child::leave_traces() {
    end_when_hung(slot_, context_.control_process);
    if (settings().exception_hook) trace_crashes(slot_);
}

Status Child::start() {
    if (context_.control_process != 0)
        if (auto left = leave_to_control_process(); !left) return left;
    // A lock file of its own is the superuser's to open.
    if (context_.accept_mutex) {
        if (auto reopened = context_.accept_mutex->reopen_in_child(); !reopened)
            return Error{"AH00155: Couldn't initialize cross-process lock in child (" +
                             reopened.error().what + ") (" +
                             std::string(context_.accept_mutex->mechanism()) + ")",
                         reopened.error().code};
    }
    keep_free_memory(settings().max_mem_free);
    tenure_.emplace(settings());
    if (auto dropped = drop_privileges(context_); !dropped) return dropped;
    for (auto* init : context_.child_init) init(context_.configuration);
    return {};
}

// What was inherited and is not for a child.
Status Child::leave_to_control_process() {
    for (const auto& program : context_.log_programs) program->let_go();
    detach_standard_streams();
    return context_.scoreboard.write_only_to(context_.slot);
}

int Child::serve_connections() {
    ConnectionServer server(
        {context_.configuration, context_.hosts, slot_, context_.slot, &told_to_leave});
    Acceptor acceptor(context_.listeners, context_.accept_mutex);
    for (;;) {
        slot_.state = pool::ChildState::ready;
        auto next = acceptor.next();
        if (const auto* none = std::get_if<NoArrival>(&next)) return give_up(*none);
        serve(server, std::move(std::get<Arrival>(next)));
        const auto served = slot_.connections.load(std::memory_order_relaxed) + 1;
        slot_.connections.store(served, std::memory_order_relaxed);
        if (tenure_->is_over_after(served)) {
            if (!tenure_->reason().empty()) say(log::Level::notice, tenure_->reason());
            return pool::exit_done;
        }
    }
}

void Child::serve(ConnectionServer& server, Arrival arrival) {
    const auto& listener = *arrival.listener;
    const net::Address local =
        listener.is_wildcard() ? net::local_address_of(arrival.socket.get()) : listener.address;
    net::TcpStream stream(std::move(arrival.socket), listener.receive_timeout,
                          {&context_.scoreboard.global().exhausted, settings().busy_timeout});
    if (server.serve(stream, arrival.client, local) == Farewell::close_now) return;
    slot_.state = pool::ChildState::closing;
    linger(stream);
}

int Child::give_up(const NoArrival& reason) const {
    if (reason.code != 0) say(log::Level::error, "accept: (client socket)", reason.code);
    return reason.status;
}

} // namespace

int run_child(const ChildContext& context) {
    const int status = Child(context).run();
    for (auto* exit : context.child_exit) exit();
    return status;
}

} // namespace preforkd
