// Log directives that tell what a client asked for.
#include "base/text.h"
#include "modules/logging/log_items.h"

namespace preforkd::logging {

namespace {

using http::FieldId;

void append_request_line(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    append_or_dash(line, request.head.request_line);
}

void append_method(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    append_or_dash(line, request.head.method_name);
}

void append_path(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    append_or_dash(line, request.uri);
}

void append_query(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    if (!request.has_query) return;
    line.append('?');
    line.append_escaped(request.query);
}

void append_protocol(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    if (request.head.simple) return line.append("HTTP/0.9");
    line.append("HTTP/");
    line.append_number(request.head.major);
    line.append('.');
    line.append_number(request.head.minor);
}

void append_request_field(LineBuffer& line, const LogItem& item, const Request& request,
                          Transaction&) {
    if (!append_field(line, request.head.fields, item)) line.append('-');
}

// "name = value; other=value": the value of the first cookie of that name, in any letter case.
std::string_view find_cookie(std::string_view cookies, std::string_view name) {
    while (!cookies.empty()) {
        const auto end = std::min(cookies.find(';'), cookies.size());
        const auto cookie = cookies.substr(0, end);
        const auto equals = std::min(cookie.find('='), cookie.size());
        if (iequals(trim(cookie.substr(0, equals)), name))
            return trim(cookie.substr(std::min(equals + 1, cookie.size())));
        cookies.remove_prefix(std::min(end + 1, cookies.size()));
    }
    return {};
}

void append_cookie(LineBuffer& line, const LogItem& item, const Request& request, Transaction&) {
    for (const auto& field : request.head.fields) {
        if (field.id != FieldId::cookie) continue;
        const auto value = find_cookie(field.value, item.argument);
        if (!value.empty()) return line.append_escaped(value);
    }
    line.append('-');
}

// Environment variables and notes are one list here.
void append_variable(LineBuffer& line, const LogItem& item, const Request& request, Transaction&) {
    const auto* value = request.find_variable(item.argument);
    if (!value) return line.append('-');
    line.append_escaped(*value);
}

void append_filename(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    append_or_dash(line, request.filename);
}

void append_user(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    append_or_dash(line, request.user);
}

void append_handler(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    append_or_dash(line, request.handler_name);
}

// What this server does not know: a name from identd, trailers, the error log's request id.
void append_unknown(LineBuffer& line, const LogItem&, const Request&, Transaction&) {
    line.append('-');
}

constexpr LogDirective directives[] = {
    {"r", append_request_line, true},
    {"m", append_method},
    {"U", append_path, true},
    {"q", append_query},
    {"H", append_protocol},
    {"i", append_request_field},
    {"C", append_cookie},
    {"e", append_variable},
    {"n", append_variable},
    {"f", append_filename},
    {"u", append_user},
    {"R", append_handler},
    {"l", append_unknown},
    {"L", append_unknown},
    {"^ti", append_unknown},
    {"^to", append_unknown},
};

} // namespace

std::span<const LogDirective> request_log_directives() { return directives; }

} // namespace preforkd::logging
