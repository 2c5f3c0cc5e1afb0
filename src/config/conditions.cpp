#include "config/conditions.h"

#include <algorithm>
#include <array>
#include <compare>
#include <fmt/format.h>

#include "base/product.h"
#include "base/regex.h"
#include "base/text.h"
#include "config/reading.h"
#include "config/section_directives.h"
#include "config/words.h"
#include "os/file.h"

namespace preforkd::config {

namespace {

// A name, which a '!' turns round.
struct Question {
    std::string name;
    bool negated = false;
};

Question question_of(std::string_view text) {
    const bool negated = text.starts_with('!');
    if (negated) text.remove_prefix(1);
    return {next_word(text), negated};
}

bool has_module(Invocation& invocation, const std::string& name) {
    const auto& names = invocation.configuration.module_names;
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_defined(Invocation& invocation, const std::string& name) {
    return invocation.configuration.defined(name);
}

bool has_file(Invocation& invocation, const std::string& name) {
    struct stat status;
    return stat_path(invocation.server_relative(name).c_str(), status) == 0;
}

bool has_directive(Invocation& invocation, const std::string& name) {
    return invocation.table.find(name) != nullptr;
}

bool has_section(Invocation& invocation, const std::string& name) {
    return has_directive(invocation, (name.starts_with('<') ? "" : "<") + name);
}

template <bool (*Holds)(Invocation&, const std::string&)>
Status when(Invocation& invocation, Arguments arguments) {
    const auto question = question_of(arguments[0]);
    if (question.name.empty()) return requires_arguments(invocation);
    return invocation.reading->take_content(invocation.node,
                                            Holds(invocation, question.name) != question.negated);
}

using Version = std::array<int, 3>;

// "2.4" is 2.4.0.
std::optional<Version> parse_version(std::string_view text) {
    Version version{};
    const auto parts = split(text, '.');
    if (parts.size() > version.size()) return std::nullopt;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto number = parse_decimal(parts[i]);
        if (!number) return std::nullopt;
        version[i] = static_cast<int>(*number);
    }
    return version;
}

Result<bool> matches_version(std::string_view pattern) {
    const auto regex = Regex::compile(pattern);
    if (!regex) return Error{"Unable to compile regular expression"};
    return regex->matches(product::apache_version);
}

Result<bool> compare_version(std::string_view operation, const std::string& wanted) {
    if (operation == "~") return matches_version(wanted);
    const bool is_regex = wanted.size() > 1 && wanted.starts_with('/') && wanted.ends_with('/');
    if (is_regex && (operation == "=" || operation == "=="))
        return matches_version(std::string_view(wanted).substr(1, wanted.size() - 2));
    const auto version = parse_version(wanted);
    if (!version)
        return Error{"Version appears to be invalid. It must have the format "
                     "major[.minor[.patch]] where major, minor and patch are numbers."};
    const auto order = *parse_version(product::apache_version) <=> *version;
    if (operation == "=" || operation == "==") return order == 0;
    if (operation == ">") return order > 0;
    if (operation == "<") return order < 0;
    if (operation == ">=") return order >= 0;
    if (operation == "<=") return order <= 0;
    return Error{fmt::format("unrecognized operator '{}'", operation)};
}

Status when_version(Invocation& invocation, Arguments arguments) {
    auto words = split_words(arguments[0]);
    if (words.empty()) return requires_arguments(invocation);
    if (words.size() == 1) words.insert(words.begin(), "=");
    std::string operation = words[0];
    const bool negated = operation.size() > 1 && operation.starts_with('!');
    if (negated) operation.erase(0, 1);
    const auto holds = compare_version(operation, words[1]);
    if (!holds) return holds.error();
    return invocation.reading->take_content(invocation.node, *holds != negated);
}

const std::array condition_rows{
    Directive{"<IfModule", Shape::raw, anywhere, override_all, when<has_module>,
              "Container for directives based on existence of specified modules", true},
    Directive{"<IfDefine", Shape::raw, anywhere, override_all, when<is_defined>,
              "Container for directives based on existence of command line defines", true},
    Directive{"<IfFile", Shape::raw, anywhere, override_all, when<has_file>,
              "Container for directives based on existence of files on disk", true},
    Directive{"<IfDirective", Shape::raw, anywhere, override_all, when<has_directive>,
              "Container for directives based on existence of named directive", true},
    Directive{"<IfSection", Shape::raw, anywhere, override_all, when<has_section>,
              "Container for directives based on existence of named section", true},
    Directive{"<IfVersion", Shape::raw, anywhere, override_all, when_version,
              "a comparison operator, a version (and a delimiter)", true},
};

} // namespace

std::span<const Directive> condition_directives() { return condition_rows; }

} // namespace preforkd::config
