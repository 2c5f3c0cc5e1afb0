#include "config/apply.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"
#include "config/witness.h"
#include "config/words.h"

namespace preforkd::config {

namespace {

// "Listen", "<Directory>"
std::string written_name(const Directive& directive) {
    return std::string(directive.name) + (directive.is_section() ? ">" : "");
}

Error not_allowed(const Invocation& invocation) {
    std::string where = "here";
    if (invocation.enclosing) where = fmt::format("in {}> context", invocation.enclosing->name);
    return Error{fmt::format("{} not allowed {}", invocation.directive.name, where)};
}

bool is_allowed_name(const Invocation& invocation) {
    return std::any_of(
        invocation.allowed_names.begin(), invocation.allowed_names.end(),
        [&](const std::string& name) { return iequals(name, invocation.directive.name); });
}

bool allowed_in_htaccess(const Invocation& invocation) {
    const Directive& directive = invocation.directive;
    if ((directive.contexts & htaccess) == 0) return false;
    return (directive.override_class & invocation.overrides) != 0 || is_allowed_name(invocation);
}

// How many words a shape takes. `end` is what stands behind the name of a directive that has
// others.
struct WordCount {
    Shape shape;
    std::size_t least;
    std::size_t most;
    std::string_view end;
};

constexpr std::size_t any_number = static_cast<std::size_t>(-1);
constexpr std::array word_counts{
    WordCount{Shape::no_arguments, 0, 0, " takes no arguments"},
    WordCount{Shape::one, 1, 1, " takes one argument"},
    WordCount{Shape::two, 2, 2, " takes two arguments"},
    WordCount{Shape::three, 3, 3, " takes three arguments"},
    WordCount{Shape::one_or_two, 1, 2, " takes 1-2 arguments"},
    WordCount{Shape::one_or_three, 1, 3, " takes one or three arguments"},
    WordCount{Shape::two_or_three, 2, 3, " takes two or three arguments"},
    WordCount{Shape::one_two_or_three, 1, 3, " takes one, two or three arguments"},
    WordCount{Shape::each, 1, any_number, " requires at least one argument"},
    WordCount{Shape::some_words, 1, any_number, " requires at least one argument"},
    WordCount{Shape::first_and_each, 2, any_number, " requires at least two arguments"},
};

Error wrong_number(const Directive& directive, std::string_view end) {
    const std::string_view comma =
        directive.usage.empty() || end.ends_with("no arguments") ? "" : ", ";
    return Error{
        fmt::format("{}{}{}{}", directive.name, end, comma, comma.empty() ? "" : directive.usage)};
}

// An empty word counts for none where one is required, as in Apache.
Status check_count(const Directive& directive, Arguments words) {
    for (const WordCount& count : word_counts) {
        if (count.shape != directive.shape) continue;
        bool right = words.size() >= count.least && words.size() <= count.most;
        for (std::size_t i = 0; right && i < count.least; ++i) right = !words[i].empty();
        if (directive.shape == Shape::one_or_three && words.size() == 2 && !words[1].empty())
            right = false;
        if (!right) return wrong_number(directive, count.end);
    }
    return {};
}

Status apply_raw(Invocation& invocation, const std::string& text) {
    return invocation.directive.apply(invocation, Arguments(&text, 1));
}

Status invoke_flag(Invocation& invocation, Arguments words) {
    if (words.empty() || (!iequals(words[0], "on") && !iequals(words[0], "off")))
        return Error{fmt::format("{} must be On or Off", invocation.directive.name)};
    return invocation.directive.apply(invocation, words.first(1));
}

// An empty word ends the list, as in Apache.
Status invoke_each(Invocation& invocation, Arguments words) {
    for (const std::string& word : words) {
        if (word.empty()) break;
        if (auto done = invocation.directive.apply(invocation, Arguments(&word, 1)); !done)
            return done;
    }
    return {};
}

Status invoke_first_and_each(Invocation& invocation, Arguments words) {
    for (std::size_t i = 1; i < words.size(); ++i) {
        const std::array pair{words[0], words[i]};
        if (auto done = invocation.directive.apply(invocation, pair); !done) return done;
    }
    return {};
}

Invocation invocation_of(const Directive& directive, const Node& node, const Invocation& outer,
                         const Content& content, const Directive* enclosing) {
    return {
        .directive = directive,
        .node = node,
        .configuration = outer.configuration,
        .server = content.server,
        .settings = content.settings,
        .section = content.section,
        .table = outer.table,
        .context = content.context,
        .overrides = outer.overrides,
        .allowed_options = outer.allowed_options,
        .in_htaccess = outer.in_htaccess,
        .enclosing = enclosing,
        .limit = content.limit,
        .allowed_names = outer.allowed_names,
        .forbidden_is_fatal = outer.forbidden_is_fatal,
        .unknown_is_fatal = outer.unknown_is_fatal,
        .failed_at = outer.failed_at,
        .witness = outer.witness,
    };
}

void witness_unknown(const Node& node, const Invocation& outer, const Content& content) {
    outer.witness->saw_unknown(node);
    Section nowhere;
    const Context context = outer.in_htaccess ? htaccess : directory;
    (void)apply_nodes(node.children, outer, {content.server, nowhere.settings, &nowhere, context},
                      nullptr);
}

Status apply_node(const Node& node, const Invocation& outer, const Content& content,
                  const Directive* enclosing) {
    const std::string name = node.name_in_table();
    const auto* row = outer.table.find(name);
    if (!row) {
        if (outer.witness) witness_unknown(node, outer, content);
        if (!outer.unknown_is_fatal) return {};
        return Error{fmt::format("Invalid command '{}', perhaps misspelled or defined by a module "
                                 "not included in the server configuration",
                                 name)};
    }
    auto invocation = invocation_of(*row->directive, node, outer, content, enclosing);
    if (auto checked = check_context(invocation); !checked) {
        if (outer.witness) outer.witness->saw(invocation, checked);
        return invocation.forbidden_is_fatal ? checked : Status();
    }
    auto applied = invoke(invocation);
    if (outer.witness) outer.witness->saw(invocation, applied);
    return applied;
}

} // namespace

Status check_context(const Invocation& invocation) {
    const Directive& directive = invocation.directive;
    if (invocation.in_htaccess)
        return allowed_in_htaccess(invocation) ? Status() : not_allowed(invocation);
    if ((directive.contexts & invocation.context) != 0) return {};
    if (invocation.context == virtual_host && (directive.contexts & server_config) != 0)
        return Error{written_name(directive) + " cannot occur within <VirtualHost> section"};
    return not_allowed(invocation);
}

Status invoke(Invocation& invocation) {
    const Directive& directive = invocation.directive;
    const Node& node = invocation.node;
    if (directive.is_section() && !node.has_bracket &&
        !(directive.needs_no_bracket && node.arguments.empty()))
        return Error{fmt::format("{}> directive missing closing '>'", directive.name)};
    if (directive.shape == Shape::raw) return apply_raw(invocation, std::string(node.arguments));

    const auto words = split_words(node.arguments);
    if (directive.shape == Shape::flag) return invoke_flag(invocation, words);
    if (auto checked = check_count(directive, words); !checked) return checked;
    if (directive.shape == Shape::each) return invoke_each(invocation, words);
    if (directive.shape == Shape::first_and_each) return invoke_first_and_each(invocation, words);
    return directive.apply(invocation, words);
}

Status apply_nodes(const Nodes& nodes, const Invocation& outer, const Content& content,
                   const Directive* enclosing) {
    for (const Node& node : nodes) {
        auto applied = apply_node(node, outer, content, enclosing);
        if (applied || outer.witness) continue;
        if (outer.failed_at && !outer.failed_at->file) *outer.failed_at = node.place;
        return applied;
    }
    return {};
}

Status apply_content(Invocation& invocation) {
    return apply_content(invocation, {invocation.server, invocation.settings, invocation.section,
                                      invocation.context, invocation.limit});
}

Status apply_content(Invocation& invocation, const Content& content) {
    return apply_nodes(invocation.node.children, invocation, content, &invocation.directive);
}

} // namespace preforkd::config
