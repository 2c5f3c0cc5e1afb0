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
    const bool is_valid = status >= 100 && status < 600;
    request.response.status = is_valid ? status : 500;
    if (!is_valid) {
        request.log(module, log::Level::error,
                    fmt::format("Invalid status line from script '{}': {:.30}",
                                name_of_script(request), value));
        return;
    }
    const auto space = value.find(' ');
    if (space != value.npos) request.response.reason = trim(value.substr(space + 1));
}

// Fields of the content itself: an error page has its own.
bool tells_of_content(FieldId id) {
    switch (id) {
    case FieldId::location:
    case FieldId::content_range:
    case FieldId::etag:
    case FieldId::last_modified:
    case FieldId::transfer_encoding: return true;
    default: return false;
    }
}

void take_field(Request& request, std::string_view module, std::string_view name,
                std::string_view value) {
    auto& response = request.response;
    const auto id = http::identify_field(name);
    if (iequals(name, "Status")) take_status(request, module, value);
    else if (id == FieldId::content_type) response.content_type = value;
    else if (id == FieldId::content_length) {
        if (const auto length = parse_decimal(value))
            response.length = static_cast<std::uint64_t>(*length);
    } else if (tells_of_content(id)) response.fields.set(id, name, value);
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
    while (!head.empty()) {
        const auto line = take_line(head);
        if (line.empty()) break;
        const auto colon = line.find(':');
        if (colon == line.npos) return Error{fmt::format("Bad header: {:.30}", line)};
        take_field(request, module, line.substr(0, colon), trim(line.substr(colon + 1)));
    }
    return {};
}

int check_conditions_of_script(const Request& request) {
    const auto& fields = request.response.fields;
    http::Validators validators;
    validators.etag = fields.value_or_empty(FieldId::etag);
    if (const auto* told = fields.find(FieldId::last_modified))
        validators.last_modified = http::parse_date(*told).value_or(0);
    return http::evaluate_preconditions(request.head, validators,
                                        static_cast<std::time_t>(request.received_at / 1'000'000));
}

std::string_view name_of_script(const Request& request) {
    return request.filename.substr(request.filename.rfind('/') + 1);
}

} // namespace preforkd
