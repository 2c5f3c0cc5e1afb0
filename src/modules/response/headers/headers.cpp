// headers: fields added, changed and taken away by the configuration (Header, RequestHeader).
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "config/words.h"
#include "modules/entries.h"
#include "modules/modules.h"
#include "modules/response/headers/header_rule.h"
#include "pipeline/server_methods.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using headers::Action;
using headers::Rule;

namespace {

struct HeaderSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const HeaderSettings& outer) {
        for (const auto list : {&HeaderSettings::request, &HeaderSettings::request_early,
                                &HeaderSettings::always, &HeaderSettings::always_early,
                                &HeaderSettings::on_success, &HeaderSettings::on_success_early})
            (this->*list).prepend(outer.*list);
    }
    // Early ones count before anything is known of the request but its head.
    Entries<Rule> request, request_early;
    Entries<Rule> always, always_early;
    Entries<Rule> on_success, on_success_early;
};

struct ActionName {
    std::string_view name;
    Action action;
};

constexpr std::array action_names{
    ActionName{"set", Action::set},          ActionName{"setifempty", Action::set_if_empty},
    ActionName{"add", Action::add},          ActionName{"append", Action::append},
    ActionName{"merge", Action::merge},      ActionName{"unset", Action::unset},
    ActionName{"echo", Action::echo},        ActionName{"edit", Action::edit},
    ActionName{"edit*", Action::edit_every}, ActionName{"note", Action::note},
};

Result<Action> parse_action(const std::string& word, bool is_request) {
    for (const auto& known : action_names) {
        if (!iequals(known.name, word)) continue;
        if (is_request && known.action == Action::echo)
            return Error{"Header echo only valid on Header directives"};
        if (is_request && known.action == Action::note)
            return Error{"RequestHeader does not support the 'note' action"};
        return known.action;
    }
    return Error{"first argument must be 'add', 'set', 'setifempty', 'append', 'merge', 'unset', "
                 "'echo', 'note', 'edit', or 'edit*'."};
}

struct Parsed {
    Rule rule;
    bool early = false;
};

Status parse_condition(const std::string& word, Parsed& parsed,
                       const config::Configuration& configuration) {
    if (iequals(word, "early")) {
        parsed.early = true;
        return {};
    }
    if (istarts_with(word, "expr=")) {
        auto condition = Expression::condition(std::string_view(word).substr(5), configuration);
        if (!condition) return Error{"Can't parse envclause/expression: " + condition.error().what};
        parsed.rule.condition = std::move(*condition);
        return {};
    }
    if (!istarts_with(word, "env=")) return Error{"Unknown parameter: " + word};
    parsed.rule.unless = word.size() > 4 && word[4] == '!';
    parsed.rule.variable = word.substr(parsed.rule.unless ? 5 : 4);
    if (parsed.rule.variable.empty())
        return Error{"error: missing environment variable name. envclause should be in the form "
                     "env=envar "};
    return {};
}

Status compile(Rule& rule, const std::string& pattern) {
    auto regex = Regex::compile(pattern);
    if (!regex)
        return Error{fmt::format("Header {} regex could not be compiled",
                                 rule.action == Action::echo ? "echo" : "edit")};
    rule.pattern = std::move(*regex);
    return {};
}

Status set_value(Rule& rule, std::string_view text, const config::Configuration& configuration) {
    if (istarts_with(text, "expr=")) {
        auto expression = Expression::text(text.substr(5), configuration);
        if (!expression) return Error{"Can't parse value expression : " + expression.error().what};
        rule.expression = std::move(*expression);
        return {};
    }
    auto value = headers::parse_value(text, configuration.has_module("ssl_module"));
    if (!value) return value.error();
    rule.value = std::move(*value);
    return {};
}

// Where the words of each action end. `words` begin with the action and the field.
Result<std::size_t> place_of_condition(Action action, std::size_t count) {
    switch (action) {
    case Action::edit:
    case Action::edit_every:
        if (count < 4) return Error{"Header edit requires a match and a substitution"};
        return std::size_t{4};
    case Action::unset:
        if (count > 4) return Error{"Too many arguments to directive"};
        if (count > 3) return Error{"header unset takes two arguments"};
        return std::size_t{2};
    case Action::echo:
        if (count > 4) return Error{"Too many arguments to directive"};
        if (count > 3) return Error{"Header echo takes two arguments"};
        return std::size_t{2};
    default:
        if (count > 4) return Error{"Too many arguments to directive"};
        if (count < 3) return Error{"Header requires three arguments"};
        return std::size_t{3};
    }
}

// `words` begin with the action.
Result<Parsed> parse_rule(std::vector<std::string> words, bool is_request,
                          const config::Configuration& configuration) {
    if (words.size() > 5)
        return Error{
            fmt::format("{} has too many arguments", is_request ? "RequestHeader" : "Header")};
    auto action = parse_action(words.empty() ? std::string() : words[0], is_request);
    if (!action) return action.error();
    const auto condition = place_of_condition(*action, words.size());
    if (!condition) return condition.error();
    Parsed parsed;
    Rule& rule = parsed.rule;
    rule.action = *action;
    if (words.size() > 1) rule.name = words[1].substr(0, words[1].find(':'));
    if (*condition == 4 || rule.action == Action::echo)
        if (auto compiled = compile(rule, *condition == 4 ? words[2] : rule.name); !compiled)
            return compiled.error();
    if (words.size() > *condition)
        if (auto read = parse_condition(words[*condition], parsed, configuration); !read)
            return read.error();
    const std::string_view value = *condition == 2 ? std::string_view() : words[*condition - 1];
    if (auto set = set_value(rule, value, configuration); !set) return set.error();
    return parsed;
}

Status add_response_rule(HeaderSettings& settings, Arguments arguments, Invocation& invocation) {
    auto words = config::split_words(arguments[0]);
    bool always = false;
    if (!words.empty() && (iequals(words[0], "always") || iequals(words[0], "onsuccess"))) {
        always = iequals(words[0], "always");
        words.erase(words.begin());
    }
    auto parsed = parse_rule(std::move(words), false, invocation.configuration);
    if (!parsed) return parsed.error();
    auto& list = always          ? parsed->early ? settings.always_early : settings.always
                 : parsed->early ? settings.on_success_early
                                 : settings.on_success;
    list.add(std::move(parsed->rule));
    return {};
}

Status add_request_rule(HeaderSettings& settings, Arguments arguments, Invocation& invocation) {
    auto parsed = parse_rule(config::split_words(arguments[0]), true, invocation.configuration);
    if (!parsed) return parsed.error();
    (parsed->early ? settings.request_early : settings.request).add(std::move(parsed->rule));
    return {};
}

void apply_all(const Entries<Rule>& rules, Request& request, http::Fields& fields,
               bool is_response) {
    for (const Rule* rule : rules) apply(*rule, request, fields, is_response);
}

Verdict change_early(Request& request) {
    const auto& settings = request.of<HeaderSettings>();
    apply_all(settings.request_early, request, request.head.fields, false);
    apply_all(settings.always_early, request, request.response.error_fields, true);
    apply_all(settings.on_success_early, request, request.response.fields, true);
    return declined;
}

Verdict change_request(Request& request) {
    apply_all(request.of<HeaderSettings>().request, request, request.head.fields, false);
    return declined;
}

// The server's own pages get what is meant for always, as in Apache, and what no handler made gets
// nothing.
http::BodySink* change_response(Request& request, http::BodySink* next) {
    const auto& settings = request.of<HeaderSettings>();
    auto& response = request.response;
    if (is_of_no_handler(request)) return next;
    apply_all(settings.always, request, response.error_fields, true);
    if (!response.is_error_page) apply_all(settings.on_success, request, response.fields, true);
    return next;
}

std::vector<config::Directive> directives() {
    using config::anywhere;
    using config::edits;
    using config::override_file_info;
    using config::Shape;
    return {
        {"Header", Shape::raw, anywhere, override_file_info, edits<add_response_rule>,
         "an optional condition, an action, header and value followed by optional env clause"},
        {"RequestHeader", Shape::raw, anywhere, override_file_info, edits<add_request_rule>,
         "an action, header and value followed by optional env clause"},
    };
}

} // namespace

Module headers_module() {
    return {
        .name = "headers",
        .directives = directives(),
        .settings = {config::settings_type<HeaderSettings>()},
        .hooks = {.read_request = change_early,
                  .fixups = change_request,
                  .filter_response = change_response},
    };
}

} // namespace preforkd
