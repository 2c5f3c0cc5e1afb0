#include "config/macro.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "config/reading.h"
#include "config/words.h"

namespace preforkd::config {

namespace {

std::string in_quotes(const Place& place) {
    return fmt::format("on line {} of \"{}\"", place.line, *place.file);
}

std::string described(const std::string& name, const Macro& macro) {
    return fmt::format("macro '{}' ({})", name, macro.place);
}

bool has_prefix(const std::string& parameter) {
    return !parameter.empty() && std::string_view("$%@").find(parameter[0]) != std::string_view::npos;
}

Status check_parameters(const std::string& name, const Macro& macro, Invocation& invocation) {
    const auto& parameters = macro.parameters;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (parameters[i].empty())
            return Error{fmt::format("empty argument #{} name in {}", i + 1, described(name, macro))};
        if (!has_prefix(parameters[i]))
            invocation.warn(fmt::format(
                "AH02796: {} argument name '{}' (#{}) without expected prefix, better prefix "
                "argument names with one of '$%@'.",
                described(name, macro), parameters[i], i + 1));
        for (std::size_t j = i + 1; j < parameters.size(); ++j)
            if (iequals(parameters[i], parameters[j]))
                return Error{fmt::format("argument name conflict in {}: argument '{}': #{} and #{}, "
                                         "change argument names!",
                                         described(name, macro), parameters[i], i + 1, j + 1)};
    }
    return {};
}

void warn_of_unused(const std::string& name, const Macro& macro, Invocation& invocation) {
    if (macro.lines.empty()) {
        invocation.warn(fmt::format("AH02799: {}: empty contents!", described(name, macro)));
        return;
    }
    for (std::size_t i = 0; i < macro.parameters.size(); ++i) {
        const auto uses = [&](const std::string& line) {
            return line.find(macro.parameters[i]) != std::string::npos;
        };
        if (std::none_of(macro.lines.begin(), macro.lines.end(), uses))
            invocation.warn(fmt::format("AH02800: {}: argument '{}' (#{}) never used",
                                        described(name, macro), macro.parameters[i], i + 1));
    }
}

Status define(Invocation& invocation, Arguments arguments) {
    std::string_view rest = arguments[0];
    const std::string name = lower(next_word(rest));
    if (name.empty()) return Error{"<Macro macro definition: empty name"};
    Macro macro;
    macro.place = "defined " + in_quotes(invocation.node.place);
    macro.parameters = split_words(rest);
    if (auto checked = check_parameters(name, macro, invocation); !checked) return checked;
    auto lines = invocation.reading->take_lines(invocation.node);
    if (!lines) return lines.error();
    macro.lines = std::move(*lines);

    auto& macros = invocation.reading->macros();
    if (const auto known = macros.find(name); known != macros.end())
        invocation.warn(fmt::format("AH02802: macro '{}' multiply defined: {}, redefined {}", name,
                                    known->second.place, in_quotes(invocation.node.place)));
    warn_of_unused(name, macro, invocation);
    macros[name] = std::move(macro);
    return {};
}

// Where two parameters begin alike the longer one is meant.
std::string fill_in(const std::string& line, const Macro& macro, Arguments values) {
    std::string filled;
    for (std::size_t i = 0; i < line.size();) {
        std::size_t best = macro.parameters.size();
        for (std::size_t p = 0; p < macro.parameters.size(); ++p)
            if (line.compare(i, macro.parameters[p].size(), macro.parameters[p]) == 0 &&
                (best == macro.parameters.size() ||
                 macro.parameters[p].size() > macro.parameters[best].size()))
                best = p;
        if (best == macro.parameters.size()) {
            filled += line[i++];
            continue;
        }
        filled += values[best];
        i += macro.parameters[best].size();
    }
    return filled;
}

Status use(Invocation& invocation, Arguments arguments) {
    auto& macros = invocation.reading->macros();
    auto values = split_words(arguments[0]);
    if (values.empty()) return Error{"no macro name specified with Use"};
    if (macros.empty()) return Error{"no macro defined before Use"};
    const std::string name = lower(values.front());
    values.erase(values.begin());
    const auto found = macros.find(name);
    if (found == macros.end()) return Error{fmt::format("macro '{}' undefined", name)};
    Macro& macro = found->second;
    if (values.size() != macro.parameters.size())
        return Error{fmt::format("{} used with {} arguments instead of {}", described(name, macro),
                                 values.size(), macro.parameters.size())};
    if (macro.in_use) return Error{fmt::format("recursive use of macro '{}' is invalid", name)};

    std::string text;
    for (const auto& line : macro.lines) text += fill_in(line, macro, values) + '\n';
    macro.in_use = true;
    auto read = invocation.reading->insert(
        LineReader(fmt::format("{} used {}", described(name, macro),
                               in_quotes(invocation.node.place)),
                   std::move(text)));
    macro.in_use = false;
    return read;
}

Status undefine(Invocation& invocation, Arguments arguments) {
    if (invocation.reading->macros().erase(lower(arguments[0])) == 0)
        return Error{fmt::format("cannot remove undefined macro '{}'", lower(arguments[0]))};
    return {};
}

// What it would silence is no error here.
Status ignore(Invocation&, Arguments) { return {}; }

constexpr unsigned in_files = server_config | virtual_host | directory;

const std::array rows{
    Directive{"<Macro", Shape::raw, in_files, override_all, define,
              "Beginning of a macro definition section.", true},
    Directive{"Use", Shape::raw, in_files, override_all, use, "Use of a macro.", true},
    Directive{"UndefMacro", Shape::one, in_files, override_all, undefine,
              "Remove a macro definition.", true},
    Directive{"MacroIgnoreEmptyArgs", Shape::no_arguments, in_files, override_all, ignore,
              "Ignore empty arguments in macros.", true},
    Directive{"MacroIgnoreBadNesting", Shape::no_arguments, in_files, override_all, ignore,
              "Ignore bad nesting in macros.", true},
};

} // namespace

std::span<const Directive> macro_directives() { return rows; }

} // namespace preforkd::config
