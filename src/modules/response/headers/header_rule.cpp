#include "modules/response/headers/header_rule.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fmt/format.h>

#include "base/text.h"

namespace preforkd::headers {

namespace {

using http::FieldId;

constexpr std::size_t most_groups = 10;

// The machine's load, which the C library knows only for all of it.
std::string_view load(Request& request) {
    double average = 0;
    if (getloadavg(&average, 1) != 1) return "l=";
    return request.arena.copy(fmt::format("l={:.2f}", average));
}

// A certificate has lines, a field must not.
std::string_view in_one_line(std::string_view value, Arena& arena) {
    if (value.find_first_of("\r\n") == std::string_view::npos) return value;
    auto copy = arena.bytes(value.size());
    std::transform(value.begin(), value.end(), copy.begin(),
                   [](char c) { return c == '\r' || c == '\n' ? ' ' : c; });
    return {copy.data(), copy.size()};
}

std::string_view part_of(const ValuePart& part, Request& request) {
    switch (part.kind) {
    case 't': return request.arena.copy(fmt::format("t={}", request.received_at));
    case 'D': {
        const auto passed =
            std::chrono::duration_cast<Duration>(SteadyClock::now() - request.started);
        return request.arena.copy(fmt::format("D={}", passed.count()));
    }
    case 'l': return load(request);
    case 'e': {
        const auto* value = request.find_variable(part.text);
        return value ? in_one_line(*value, request.arena) : "(null)";
    }
    case 's': {
        const auto value = part.ssl_variable->of(request);
        return value.empty() ? "(null)" : in_one_line(value, request.arena);
    }
    default: return part.text;
    }
}

std::string_view value_of(const Rule& rule, Request& request) {
    if (rule.expression) return rule.expression->text_or_logs(request, "headers");
    std::string_view whole;
    for (const auto& part : rule.value) {
        const auto next = part_of(part, request);
        whole = whole.empty() ? next : request.arena.join({whole, next});
    }
    return whole;
}

bool lists(std::string_view field, std::string_view value) {
    for (auto piece : split(field, ','))
        if (piece == value) return true;
    return false;
}

std::string_view edited(const Rule& rule, Request& request, std::string_view value) {
    const auto replacement = value_of(rule, request);
    std::string result;
    for (;;) {
        std::array<std::string_view, most_groups> groups{};
        if (!rule.pattern->match(value, groups)) break;
        const auto start = static_cast<std::size_t>(groups[0].data() - value.data());
        result += value.substr(0, start);
        result += substitute_groups(replacement, groups);
        value.remove_prefix(start + groups[0].size());
        if (rule.action == Action::edit) break;
        if (!groups[0].empty()) continue;
        if (value.empty()) break;
        result += value.front();
        value.remove_prefix(1);
    }
    return request.arena.copy(result += value);
}

void edit(const Rule& rule, Request& request, http::Fields& fields) {
    std::pmr::vector<std::string_view> values(request.arena.resource());
    for (const auto& field : fields)
        if (iequals(field.name, rule.name)) values.push_back(edited(rule, request, field.value));
    fields.remove(rule.name);
    for (auto value : values) fields.add(rule.name, value);
}

void echo(const Rule& rule, const Request& request, http::Fields& fields) {
    for (const auto& field : request.head.fields)
        if (rule.pattern->matches(field.name)) fields.add(field.id, field.name, field.value);
}

void apply_to_content_type(const Rule& rule, Request& request) {
    auto& type = request.response.content_type;
    if (rule.action == Action::unset) type = {};
    else if (rule.action == Action::edit || rule.action == Action::edit_every)
        type = edited(rule, request, type);
    else if (rule.action != Action::set_if_empty || type.empty()) type = value_of(rule, request);
    request.response.charset = {};
}

} // namespace

Result<Value> parse_value(std::string_view text) {
    Value value;
    for (;;) {
        const auto percent = text.find('%');
        if (const auto plain = text.substr(0, percent); !plain.empty())
            value.push_back({0, std::string(plain)});
        if (percent == std::string_view::npos) return value;
        text.remove_prefix(percent + 1);
        std::string name;
        const bool has_name = text.starts_with('{');
        if (has_name) {
            const auto end = text.find('}');
            if (end == std::string_view::npos) return Error{"Unrecognized header format %"};
            name = text.substr(1, end - 1);
            text.remove_prefix(end + 1);
        }
        if (has_name && text.empty()) return Error{"Unrecognized header format %"};
        const char kind = text.empty() ? '%' : text.front();
        if (kind == '%') name = "%";
        else if (std::string_view("tDlibes").find(kind) == std::string_view::npos)
            return Error{fmt::format("Unrecognized header format %{}", kind)};
        value.push_back({kind == '%' ? '\0' : kind, std::move(name)});
        if (kind == 's') value.back().ssl_variable = ssl::find_ssl_variable(value.back().text);
        if (!text.empty()) text.remove_prefix(1);
    }
}

// A condition that cannot be answered takes nothing away.
bool is_wanted(const Rule& rule, Request& request) {
    if (!rule.variable.empty())
        return (request.find_variable(rule.variable) != nullptr) != rule.unless;
    if (!rule.condition) return true;
    const auto answer = rule.condition->holds(request);
    if (!answer)
        request.log("headers", log::Level::error,
                    request.arena.join({"AH02556: Failed to evaluate expression: ",
                                        answer.error().what, " - ignoring"}));
    return !answer || *answer;
}

void apply(const Rule& rule, Request& request, http::Fields& fields, bool is_response) {
    if (!is_wanted(rule, request)) return;
    if (is_response && iequals(rule.name, "Content-Type") && rule.action != Action::note) {
        apply_to_content_type(rule, request);
        return;
    }
    const auto* known = fields.find(rule.name);
    switch (rule.action) {
    case Action::unset: fields.remove(rule.name); return;
    case Action::echo: echo(rule, request, fields); return;
    case Action::edit:
    case Action::edit_every: edit(rule, request, fields); return;
    case Action::note:
        if (known) request.set_note(value_of(rule, request), *known);
        return;
    case Action::add: fields.add(rule.name, value_of(rule, request)); return;
    case Action::set: fields.set(rule.name, value_of(rule, request)); return;
    case Action::set_if_empty:
        if (!known) fields.set(rule.name, value_of(rule, request));
        return;
    case Action::append:
    case Action::merge: {
        const auto value = value_of(rule, request);
        if (!known) fields.set(rule.name, value);
        else if (rule.action == Action::append || !lists(*known, value))
            fields.change_first(rule.name, request.arena.join({*known, ", ", value}));
        return;
    }
    }
}

} // namespace preforkd::headers
