// Log directives that tell between whom a request went, and through which process.
#include "base/text.h"
#include "modules/logging/log_items.h"
#include "pipeline/server_names.h"
#include "pool/scoreboard.h"

namespace preforkd::logging {

namespace {

constexpr unsigned short usual_port = 80;

// Never looked up: HostnameLookups is Off by default, and on it would hold the child.
void append_client(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    append_or_dash(line, request.connection.client_ip);
}

void append_local_address(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    append_or_dash(line, request.connection.local_ip);
}

void append_requests_before(LineBuffer& line, const LogItem&, const Request& request,
                            Transaction&) {
    line.append_number(request.connection.requests_served);
}

void append_port(LineBuffer& line, const LogItem& item, const Request& request, Transaction&) {
    const auto& connection = request.connection;
    if (item.argument.empty() || iequals(item.argument, "canonical"))
        line.append_number(request.server->port != 0 ? request.server->port : usual_port);
    else if (iequals(item.argument, "local")) line.append_number(connection.local.port());
    else if (iequals(item.argument, "remote")) line.append_number(connection.client.port());
    else line.append(item.argument);
}

void append_server(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    append_or_dash(line, request.server->name);
}

void append_server_as_called(LineBuffer& line, const LogItem&, const Request& request,
                             Transaction&) {
    append_or_dash(line, server_name_for(request));
}

// The scoreboard knows it, which saves asking the system. A child has one thread of its pid.
pid_t process_of(const Request& request) {
    auto* board = pool::Scoreboard::current();
    return board ? board->slot(request.connection.child_slot).pid.load() : 0;
}

void append_process(LineBuffer& line, const LogItem& item, const Request& request, Transaction&) {
    if (item.argument.empty() || item.argument == "pid" || item.argument == "tid")
        line.append_number(process_of(request));
    else if (item.argument == "hextid") line.append_number(process_of(request), 16);
    else line.append(item.argument);
}

constexpr LogDirective directives[] = {
    {"h", append_client},
    {"a", append_client},
    {"A", append_local_address},
    {"k", append_requests_before},
    {"p", append_port},
    {"v", append_server},
    {"V", append_server_as_called},
    {"P", append_process},
};

} // namespace

std::span<const LogDirective> connection_log_directives() { return directives; }

} // namespace preforkd::logging
