#include "pipeline/script_head.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

#include "base/text.h"
#include "http/conditional.h"
#include "http/date.h"

namespace preforkd {

namespace {

using http::FieldId;

void take_status(Request& request, std::string_view module, std::string_view value) {
    const int status = std::atoi(request.arena.c_string(value));
    // An interim response is not a script's to give: its client would wait for another.
    if (status < 200 || status >= 600)
        request.log(module, log::Level::error,
                    fmt::format("Invalid status line from script '{}': {:.30}",
                                name_of_script(request), value));
    const bool has_three_digits = status >= 200 && status < 1000;
    request.response.status = has_three_digits ? status : 500;
    request.response.no_local_copy = true; // who names its status knows the client's conditions
    if (!has_three_digits) return;
    const auto space = value.find(' ');
    if (space != value.npos) request.response.reason = trim(value.substr(space + 1));
}

// Fields of the content itself: an error page has its own.
bool tells_of_content(FieldId id) {
    switch (id) {
    case FieldId::location:
    case FieldId::content_range:
    case FieldId::etag: return true;
    default: return false;
    }
}

// In the form that RFC 9110 wants, and no later than now (Apache: ap_set_last_modified).
void take_modification_time(Request& request, std::string_view value) {
    const auto time = http::parse_date(value);
    if (!time) return;
    const auto now = static_cast<std::time_t>(request.received_at / 1'000'000);
    const auto date = http::format_date(std::min(*time, now));
    request.response.fields.set(FieldId::last_modified,
                                request.arena.copy({date.data(), date.size()}));
}

// What follows the semicolon is the script's own.
std::string_view type_in_lower_case(const Request& request, std::string_view value) {
    const auto end = std::min(value.find(';'), value.size());
    const auto type = value.substr(0, end);
    if (std::none_of(type.begin(), type.end(), [](char c) { return to_lower(c) != c; }))
        return value;
    return request.arena.join({lower(type), value.substr(end)});
}

void take_field(Request& request, std::string_view module, std::string_view name,
                std::string_view value) {
    auto& response = request.response;
    const auto id = http::identify_field(name);
    if (iequals(name, "Status")) take_status(request, module, value);
    else if (id == FieldId::content_type) {
        response.content_type = type_in_lower_case(request, value);
        response.charset = {}; // that went with the type of the script's name
    } else if (id == FieldId::content_length) {
        if (const auto length = parse_decimal(value))
            response.length = static_cast<std::uint64_t>(*length);
    } else if (id == FieldId::last_modified) take_modification_time(request, value);
    else if (id == FieldId::transfer_encoding) return; // how it is framed is ours to say
    else if (tells_of_content(id)) response.fields.set(id, name, value);
    else if (const auto* known = response.error_fields.find(name);
             known && !iequals(name, "Set-Cookie"))
        response.error_fields.set(id, name, request.arena.join({*known, ", ", value}));
    else response.error_fields.add(id, name, value);
}

} // namespace

std::size_t end_of_head(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find('\n', at);
        if (end == text.npos) break;
        if (end == at || (end == at + 1 && text[at] == '\r')) return end + 1;
        at = end + 1;
    }
    return std::string_view::npos;
}

Status take_script_head(Request& request, std::string_view module, std::string_view head) {
    // A head that is none leaves nothing in the response.
    for (auto rest = head; !rest.empty();) {
        const auto line = take_line(rest);
        if (line.empty()) break;
        if (line.find(':') == line.npos) return Error{fmt::format("Bad header: {:.30}", line)};
    }
    while (!head.empty()) {
        const auto line = take_line(head);
        if (line.empty()) break;
        const auto colon = line.find(':');
        take_field(request, module, line.substr(0, colon), trim(line.substr(colon + 1)));
    }
    return {};
}

int check_conditions_of_script(const Request& request) {
    // The client's conditions are about the whole page.
    if (request.main || request.response.status != 200 || request.response.no_local_copy) return 0;
    const auto method = request.head.method;
    if (method != http::Method::get && method != http::Method::head) return 0;
    const auto& fields = request.response.fields;
    http::Validators validators;
    validators.etag = fields.value_or_empty(FieldId::etag);
    if (const auto* told = fields.find(FieldId::last_modified))
        validators.last_modified = http::parse_date(*told).value_or(0);
    return http::evaluate_preconditions(request.head, validators,
                                        static_cast<std::time_t>(request.received_at / 1'000'000));
}

Verdict answer_not_modified(Request& request, Responder& responder) {
    request.response.status = 304;
    // A failed write is known to the connection; nobody else needs it.
    static_cast<void>(responder.send(request).finish());
    return done;
}

std::string_view name_of_script(const Request& request) {
    return request.filename.substr(request.filename.rfind('/') + 1);
}

} // namespace preforkd
