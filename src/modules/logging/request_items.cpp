// Log directives that tell what a client asked for.
#include <algorithm>

#include "base/text.h"
#include "modules/logging/log_items.h"

namespace preforkd::logging {

namespace {

using http::FieldId;

// Where a password stands in "GET http://name:password@host/ HTTP/1.1"; empty for none.
std::string_view find_password(std::string_view request_line) {
    const auto scheme = request_line.find("://");
    if (scheme == std::string_view::npos) return {};
    const auto start = scheme + 3;
    auto authority = request_line.substr(start);
    authority = authority.substr(0, authority.find_first_of("/?# "));
    const auto at = authority.rfind('@');
    const auto colon = authority.find(':');
    if (at == std::string_view::npos || colon >= at) return {};
    return authority.substr(colon + 1, at - colon - 1);
}

void append_request_line(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    // Garbage of other protocols ends at its first NUL.
    const auto line_sent = request.head.request_line;
    const auto text = line_sent.substr(0, line_sent.find('\0'));
    const auto password = find_password(text);
    if (password.empty()) return append_or_dash(line, text);
    const auto before = static_cast<std::size_t>(password.data() - text.data());
    line.append_escaped(text.substr(0, before));
    line.append("XXXXXXXX");
    line.append_escaped(text.substr(before + password.size()));
}

void append_method(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    append_or_dash(line, request.head.method_name);
}

void append_path(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    append_or_dash(line, request.path());
}

void append_query(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    if (!request.has_query) return;
    line.append('?');
    line.append_escaped(request.query);
}

// As it was sent: the client may have been taken for an older one since.
void append_protocol(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    if (request.head.simple) return line.append("HTTP/0.9");
    const auto sent = request.head.request_line;
    if (const auto word = sent.substr(sent.rfind(' ') + 1);
        word.starts_with("HTTP/1.") && word.size() == 8)
        return line.append_escaped(word);
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
    for (auto cookie : split(cookies, ';')) {
        const auto equals = cookie.find('=');
        if (equals != std::string_view::npos && iequals(trim(cookie.substr(0, equals)), name))
            return trim(cookie.substr(equals + 1));
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

void append_variable(LineBuffer& line, const LogItem& item, const Request& request, Transaction&) {
    const auto* value = request.find_variable(item.argument);
    if (!value) return line.append('-');
    line.append_escaped(*value);
}

void append_note(LineBuffer& line, const LogItem& item, const Request& request, Transaction&) {
    const auto* value = request.find_note(item.argument);
    if (!value) return line.append('-');
    line.append_escaped(*value);
}

void append_filename(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    append_or_dash(line, request.filename);
}

void append_user(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    const bool has_empty_name = request.user.data() && request.user.empty();
    if (has_empty_name) line.append("\"\"");
    else append_or_dash(line, request.user);
}

void append_handler(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    append_or_dash(line, request.handler_name);
}

void append_trailer(LineBuffer& line, const LogItem& item, const Request& request, Transaction&) {
    const auto* trailers = request.head.trailers;
    if (!trailers || !append_field(line, *trailers, item)) line.append('-');
}

// As the error log calls it, if it had anything to say.
void append_log_id(LineBuffer& line, const LogItem& item, const Request& request, Transaction&) {
    append_or_dash(line, item.argument == "c" ? request.connection.log_id : request.log_id);
}

// What this server does not know: a name from identd, trailers of a response.
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
    {"n", append_note},
    {"f", append_filename},
    {"u", append_user},
    {"R", append_handler, true},
    {"l", append_unknown},
    {"L", append_log_id},
    {"^ti", append_trailer},
    {"^to", append_unknown},
};

} // namespace

std::span<const LogDirective> request_log_directives() { return directives; }

} // namespace preforkd::logging
