// setenvif: variables that depend on the request (SetEnvIf, BrowserMatch).
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"
#include "config/directive.h"
#include "modules/entries.h"
#include "modules/mapping/setenvif/text_pattern.h"
#include "modules/modules.h"
#include "net/client_names.h"
#include "pipeline/core_settings.h"
#include "pipeline/expression/expression.h"
#include "pipeline/request.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Scope;
using config::Shape;

namespace {

// What a condition looks at.
enum class Subject : unsigned char {
    remote_host,
    remote_addr,
    server_addr,
    request_uri,
    request_method,
    request_protocol,
    field,           // a header field, or else a variable, by name
    matching_fields, // the last header field whose name matches
    expression,
};

struct Change {
    std::string name;
    std::string value;
    bool removes = false;
};

struct Condition {
    Subject subject = Subject::field;
    std::string name; // of the field or variable
    http::FieldId id = http::FieldId::other;
    std::optional<Regex> name_pattern;
    TextPattern pattern;
    std::optional<Expression> expression; // in the place of the pattern
    std::vector<Change> changes;
};

struct SetEnvIfServerSettings {
    static constexpr Scope scope = Scope::server;
    void inherit_from(const SetEnvIfServerSettings& outer) { conditions.prepend(outer.conditions); }
    Entries<Condition> conditions;
};

struct SetEnvIfSettings {
    static constexpr Scope scope = Scope::directory;
    void inherit_from(const SetEnvIfSettings& outer) { conditions.prepend(outer.conditions); }
    Entries<Condition> conditions;
};

struct NamedSubject {
    std::string_view name;
    Subject subject;
};
constexpr std::array named_subjects{
    NamedSubject{"remote_host", Subject::remote_host},
    NamedSubject{"remote_addr", Subject::remote_addr},
    NamedSubject{"server_addr", Subject::server_addr},
    NamedSubject{"request_uri", Subject::request_uri},
    NamedSubject{"request_method", Subject::request_method},
    NamedSubject{"request_protocol", Subject::request_protocol},
};

bool is_name_pattern(std::string_view name) {
    for (char c : name)
        if (!is_alpha(c) && !is_digit(c) && c != '-' && c != '_') return true;
    return false;
}

Status set_subject(Condition& condition, const std::string& name, std::string_view directive) {
    for (const auto& named : named_subjects) {
        if (!iequals(named.name, name)) continue;
        condition.subject = named.subject;
        return {};
    }
    condition.name = name;
    if (!is_name_pattern(name)) {
        condition.id = http::identify_field(name);
        return {};
    }
    auto pattern = Regex::compile(name, Regex::Case::ignored);
    if (!pattern)
        return Error{fmt::format("{}Header name regex could not be compiled.", directive)};
    condition.subject = Subject::matching_fields;
    condition.name_pattern = std::move(*pattern);
    return {};
}

// "name", "name=value" or "!name".
Change read_change(std::string_view word) {
    if (word.starts_with('!')) return {std::string(word.substr(1)), {}, true};
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) return {std::string(word), "1"};
    return {std::string(word.substr(0, equals)), std::string(word.substr(equals + 1))};
}

Status add_changes(Invocation& invocation, Condition condition, Arguments changes) {
    for (const auto& word : changes) condition.changes.push_back(read_change(word));
    if (condition.changes.empty())
        return Error{
            fmt::format("Missing envariable expression for {}", invocation.directive.name)};
    if (invocation.section)
        invocation.settings.edit<SetEnvIfSettings>().conditions.add(std::move(condition));
    else
        settings_for(invocation, Scope::server)
            .edit<SetEnvIfServerSettings>()
            .conditions.add(std::move(condition));
    return {};
}

// `arguments` begin with the pattern.
Status add_condition(Invocation& invocation, Condition condition, Arguments arguments,
                     Regex::Case letter_case) {
    const auto name = invocation.directive.name;
    if (arguments.empty() || arguments[0].empty())
        return Error{fmt::format("Missing regular expression for {}", name)};
    auto pattern = TextPattern::compile(arguments[0], letter_case);
    if (!pattern) return Error{fmt::format("{} regex could not be compiled.", name)};
    condition.pattern = std::move(*pattern);
    return add_changes(invocation, std::move(condition), arguments.subspan(1));
}

template <Regex::Case letter_case>
Status set_env_if(Invocation& invocation, Arguments arguments) {
    const auto name = invocation.directive.name;
    if (arguments.empty() || arguments[0].empty())
        return Error{fmt::format("Missing header-field name for {}", name)};
    Condition condition;
    if (auto set = set_subject(condition, arguments[0], name); !set) return set;
    return add_condition(invocation, std::move(condition), arguments.subspan(1), letter_case);
}

template <Regex::Case letter_case>
Status browser_match(Invocation& invocation, Arguments arguments) {
    Condition condition;
    condition.name = "User-Agent";
    condition.id = http::FieldId::user_agent;
    return add_condition(invocation, std::move(condition), arguments, letter_case);
}

Status set_env_if_expression(Invocation& invocation, Arguments arguments) {
    const auto name = invocation.directive.name;
    if (arguments.empty()) return Error{fmt::format("Missing expression for {}", name)};
    auto expression = Expression::condition(arguments[0], invocation.configuration);
    if (!expression)
        return Error{fmt::format("Could not parse expression \"{}\": {}", arguments[0],
                                 expression.error().what)};
    Condition condition;
    condition.subject = Subject::expression;
    condition.expression = std::move(*expression);
    return add_changes(invocation, std::move(condition), arguments.subspan(1));
}

std::string_view protocol_of(const Request& request) {
    const auto& head = request.head;
    if (head.major == 1 && head.minor == 1) return "HTTP/1.1";
    if (head.major == 1 && head.minor == 0) return "HTTP/1.0";
    return request.arena.copy(fmt::format("HTTP/{}.{}", head.major, head.minor));
}

std::string_view host_name_of(const Request& request) {
    if (!request.of<CoreServerSettings>().hostname_lookups.value_or(false))
        return request.client.ip;
    const auto name = net::name_of(request.client.address);
    return name ? request.arena.copy(*name) : request.client.ip;
}

std::string_view field_or_variable(const Request& request, const Condition& condition) {
    // A rule must not be passed by sending a field twice.
    const auto& fields = request.head.fields;
    const auto value = condition.id == http::FieldId::other
                           ? fields.combined(condition.name, request.arena)
                           : fields.combined(condition.id, request.arena);
    if (value.data()) return value;
    const auto* variable = request.find_variable(condition.name);
    return variable ? *variable : std::string_view();
}

std::string_view last_matching_field(const Request& request, const Regex& name) {
    const auto& fields = request.head.fields;
    const http::Field* last = nullptr;
    for (const auto& field : fields)
        if (fields.is_first_of_its_name(field) && name.matches(field.name)) last = &field;
    return last ? fields.combined(last->name, request.arena) : std::string_view();
}

// What is missing is empty, so that "^$" matches it.
std::string_view value_for(const Request& request, const Condition& condition) {
    switch (condition.subject) {
    case Subject::remote_host: return host_name_of(request);
    case Subject::remote_addr: return request.client.ip;
    case Subject::server_addr: return request.connection.local_ip;
    case Subject::request_uri: return request.path();
    case Subject::request_method: return request.head.method_name;
    case Subject::request_protocol: return protocol_of(request);
    case Subject::field: return field_or_variable(request, condition);
    case Subject::matching_fields: return last_matching_field(request, *condition.name_pattern);
    case Subject::expression: break;
    }
    return {};
}

bool holds(const Condition& condition, Request& request, MatchGroups& groups) {
    if (!condition.expression)
        return condition.pattern.match(value_for(request, condition), groups);
    const auto answer = condition.expression->holds(request, groups);
    if (!answer)
        request.log("setenvif", log::Level::error,
                    request.arena.join({"SetEnvIfExpr: ", answer.error().what}));
    return answer && *answer;
}

void apply(const Condition& condition, Request& request) {
    MatchGroups groups{};
    if (!holds(condition, request, groups)) return;
    for (const auto& change : condition.changes) {
        if (change.removes) {
            request.remove_variable(change.name);
            continue;
        }
        const bool substitutes = (condition.expression || condition.pattern.has_groups()) &&
                                 change.value.find_first_of("$\\") != std::string::npos;
        request.set_variable(
            change.name, substitutes ? request.arena.copy(substitute_groups(change.value, groups))
                                     : std::string_view(change.value));
    }
}

Verdict post_read_request(Request& request) {
    for (const auto* condition : request.of<SetEnvIfServerSettings>().conditions)
        apply(*condition, request);
    return declined;
}

Verdict header_parser(Request& request) {
    for (const auto* condition : request.of<SetEnvIfSettings>().conditions)
        apply(*condition, request);
    return declined;
}

std::vector<config::Directive> directives() {
    using config::anywhere;
    using config::override_file_info;
    constexpr auto exact = Regex::Case::sensitive;
    constexpr auto any_case = Regex::Case::ignored;
    return {
        {"SetEnvIf", Shape::words, anywhere, override_file_info, set_env_if<exact>,
         "A header-name, regex and a list of variables."},
        {"SetEnvIfNoCase", Shape::words, anywhere, override_file_info, set_env_if<any_case>,
         "a header-name, regex and a list of variables."},
        {"SetEnvIfExpr", Shape::words, anywhere, override_file_info, set_env_if_expression,
         "an expression and a list of variables."},
        {"BrowserMatch", Shape::words, anywhere, override_file_info, browser_match<exact>,
         "A browser regex and a list of variables."},
        {"BrowserMatchNoCase", Shape::words, anywhere, override_file_info, browser_match<any_case>,
         "A browser regex and a list of variables."},
    };
}

} // namespace

Module setenvif_module() {
    return {
        .name = "setenvif",
        .directives = directives(),
        .settings = {config::settings_type<SetEnvIfServerSettings>(),
                     config::settings_type<SetEnvIfSettings>()},
        .hooks = {.post_read_request = post_read_request, .header_parser = header_parser},
    };
}

} // namespace preforkd
