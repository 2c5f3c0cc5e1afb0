// Log directives that tell between whom a request went, and through which process.
#include <optional>

#include "base/text.h"
#include "modules/logging/log_items.h"
#include "net/client_names.h"
#include "os/process.h"
#include "pipeline/core_settings.h"
#include "pipeline/server_names.h"
#include "pool/scoreboard.h"

namespace preforkd::logging {

namespace {

// The resolver is asked once a connection; a child has one at a time.
const std::optional<std::string>& name_of_client(const Request& request) {
    static std::int64_t asked_at = -1; // the request for which it was asked last
    static net::Address of;
    static std::optional<std::string> name;
    const auto& client = request.client.address;
    const bool asked_before = request.connection.requests_served > 0 && client.same_host(of);
    if (asked_before || request.received_at == asked_at) return name;
    asked_at = request.received_at;
    of = client;
    name = net::name_of(client);
    return name;
}

// %{c}a is the other end of the connection, whoever that is.
void append_address(LineBuffer& line, const LogItem& item, const Request& request, Transaction&) {
    append_or_dash(line, item.argument == "c" ? request.connection.client_ip : request.client.ip);
}

void append_client(LineBuffer& line, const LogItem& item, const Request& request,
                   Transaction& transaction) {
    if (request.of<CoreServerSettings>().hostname_lookups.value_or(false)) {
        const auto& name = name_of_client(request);
        if (name) return line.append_escaped(*name);
    }
    // Require host may have asked.
    if (const auto found = net::found_name_of(request.client.address); !found.empty())
        return line.append_escaped(found);
    append_address(line, item, request, transaction);
}

void append_local_address(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    append_or_dash(line, request.connection.local_ip);
}

// The last one of a connection has the number of the one before it, as in Apache.
void append_requests_before(LineBuffer& line, const LogItem&, const Request& request,
                            Transaction& transaction) {
    const unsigned before = request.connection.requests_served;
    line.append_number(before > 0 && !transaction.last.keep_alive ? before - 1 : before);
}

void append_port(LineBuffer& line, const LogItem& item, const Request& request, Transaction&) {
    const auto& connection = request.connection;
    if (item.argument.empty() || iequals(item.argument, "canonical"))
        line.append_number(request.server->port != 0 ? request.server->port : usual_port(request));
    else if (iequals(item.argument, "local")) line.append_number(connection.local.port());
    else if (iequals(item.argument, "remote")) line.append_number(request.client.address.port());
    else line.append(item.argument);
}

void append_server(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    append_or_dash(line, request.server->name);
}

void append_server_as_called(LineBuffer& line, const LogItem&, const Request& request,
                             Transaction&) {
    append_or_dash(line, without_brackets(server_name_for(request)));
}

// The scoreboard knows it, which saves asking the system. A child has one thread of its pid.
pid_t process_of(const Request& request) {
    auto* board = pool::Scoreboard::current();
    const pid_t known = board ? board->slot(request.connection.child_slot).pid.load() : 0;
    return known != 0 ? known : current_process();
}

void append_process(LineBuffer& line, const LogItem& item, const Request& request, Transaction&) {
    const std::string_view what = item.argument;
    if (what.empty() || iequals(what, "pid") || iequals(what, "tid"))
        line.append_number(process_of(request));
    else if (iequals(what, "hextid")) line.append_number(process_of(request), 16);
    else line.append(what);
}

constexpr LogDirective directives[] = {
    {"h", append_client},           {"a", append_address}, {"A", append_local_address},
    {"k", append_requests_before},  {"p", append_port},    {"v", append_server},
    {"V", append_server_as_called}, {"P", append_process},
};

} // namespace

std::span<const LogDirective> connection_log_directives() { return directives; }

} // namespace preforkd::logging
