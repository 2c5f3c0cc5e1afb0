#include "modules/response/headers/header_rule.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace preforkd::headers {

namespace {

using http::FieldId;

constexpr std::size_t most_groups = 10;

std::string_view value_of(const Rule& rule, Request& request) {
    if (rule.expression) return rule.expression->text_or_logs(request, "headers");
    return text_of(rule.value, request);
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
    std::pmr::vector<http::Field> changed(request.arena.resource());
    for (const auto& field : fields)
        if (iequals(field.name, rule.name)) {
            changed.push_back(field);
            changed.back().value = edited(rule, request, field.value);
        }
    fields.remove(rule.name);
    for (const auto& field : changed) fields.add(field.id, field.name, field.value);
}

// A field that the client sent several times is one whose values stand in a list.
void join_repeated(http::Fields& fields, std::string_view name, Arena& arena) {
    const auto has_name = [name](const http::Field& field) { return iequals(field.name, name); };
    if (std::count_if(fields.begin(), fields.end(), has_name) < 2) return;
    const auto joined = fields.combined(name, arena);
    fields.remove(name);
    fields.add(name, joined);
}

void echo(const Rule& rule, const Request& request, http::Fields& fields) {
    const auto& sent = request.head.fields;
    for (const auto& field : sent) {
        const bool is_first = sent.find(field.name) == &field.value;
        if (is_first && rule.pattern->matches(field.name))
            fields.add(field.id, field.name, sent.combined(field.name, request.arena));
    }
}

// The type is a field of a success only once it was set, or where another server named it: until
// then set_if_empty finds none, and what is added to it counts for nothing.
void apply_to_content_type(const Rule& rule, Request& request, http::Fields& fields) {
    constexpr auto name = http::FieldId::content_type;
    auto& type = request.response.content_type;
    const auto set = [&] {
        type = value_of(rule, request);
        if (&fields == &request.response.fields) fields.set(name, type);
    };
    switch (rule.action) {
    case Action::unset:
        type = {};
        fields.remove(name);
        break;
    case Action::edit:
    case Action::edit_every: type = edited(rule, request, type); break;
    case Action::set: set(); break;
    case Action::set_if_empty:
        if (fields.has(name)) return;
        set();
        break;
    default:
        if (!type.empty()) return;
        set();
    }
    request.response.charset = {};
}

} // namespace

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
        apply_to_content_type(rule, request, fields);
        return;
    }
    if (!is_response) join_repeated(fields, rule.name, request.arena);
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
