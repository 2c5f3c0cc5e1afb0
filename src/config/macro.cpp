#include "config/macro.h"

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
    return !parameter.empty() &&
           std::string_view("$%@").find(parameter[0]) != std::string_view::npos;
}

Status check_pair(const std::string& name, const Macro& macro, std::size_t i, std::size_t j,
                  Invocation& invocation) {
    const auto& one = macro.parameters[i];
    const auto& other = macro.parameters[j];
    if (one == other)
        return Error{fmt::format("argument name conflict in {}: argument '{}': #{} and #{}, change "
                                 "argument names!",
                                 described(name, macro), one, i + 1, j + 1)};
    if (!other.empty() && (one.starts_with(other) || other.starts_with(one)))
        invocation.warn(fmt::format("AH02797: {}: argument name prefix conflict ({} #{} and {} "
                                    "#{}), be careful about your macro definition!",
                                    described(name, macro), one, i + 1, other, j + 1));
    return {};
}

Status check_parameters(const std::string& name, const Macro& macro, Invocation& invocation) {
    const auto& parameters = macro.parameters;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (parameters[i].empty())
            return Error{fmt::format("{}: empty argument #{} name", described(name, macro), i + 1)};
        if (parameters[i].starts_with("${"))
            invocation.warn(
                fmt::format("AH02805: {} argument name '{}' (#{}) clashes with 'Define' "
                            "syntax '${{...}}', better use '$(...)'.",
                            described(name, macro), parameters[i], i + 1));
        if (!has_prefix(parameters[i]))
            invocation.warn(fmt::format(
                "AH02796: {} argument name '{}' (#{}) without expected prefix, better prefix "
                "argument names with one of '$%@'.",
                described(name, macro), parameters[i], i + 1));
        for (std::size_t j = i + 1; j < parameters.size(); ++j)
            if (auto checked = check_pair(name, macro, i, j, invocation); !checked) return checked;
    }
    return {};
}

// The parameter that begins at `i`, or how many there are. Where two begin alike the longer one is
// meant.
std::size_t parameter_at(const std::string& line, std::size_t i, const Macro& macro) {
    const auto& parameters = macro.parameters;
    std::size_t best = parameters.size();
    for (std::size_t p = 0; p < parameters.size(); ++p)
        if (line.compare(i, parameters[p].size(), parameters[p]) == 0 &&
            (best == parameters.size() || parameters[p].size() > parameters[best].size()))
            best = p;
    return best;
}

// What begins with '@' always stays one word, as in Apache.
std::string value_of(const std::string& parameter, const std::string& value) {
    if (parameter[0] != '@') return value;
    std::string quoted = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

// With each parameter that was met `used` says so.
std::string fill_in(const std::string& line, const Macro& macro, Arguments values,
                    std::vector<bool>& used) {
    std::string filled;
    for (std::size_t i = 0; i < line.size();) {
        const auto found = parameter_at(line, i, macro);
        if (found == macro.parameters.size()) {
            filled += line[i++];
            continue;
        }
        used[found] = true;
        filled += value_of(macro.parameters[found], values[found]);
        i += macro.parameters[found].size();
    }
    return filled;
}

void warn_of_unused(const std::string& name, const Macro& macro, Invocation& invocation) {
    if (macro.lines.empty()) {
        invocation.warn(fmt::format("AH02799: {}: empty contents!", described(name, macro)));
        return;
    }
    std::vector<bool> used(macro.parameters.size());
    for (const auto& line : macro.lines) fill_in(line, macro, macro.parameters, used);
    for (std::size_t i = 0; i < used.size(); ++i)
        if (!used[i])
            invocation.warn(fmt::format("AH02800: {}: argument '{}' (#{}) never used",
                                        described(name, macro), macro.parameters[i], i + 1));
}

// What stands behind the last '>' of the line at hand.
void warn_of_rest(Invocation& invocation, std::string_view what) {
    const std::string& line = invocation.reading->line();
    const std::string rest = line.substr(line.rfind('>') + 1);
    const Place place = invocation.reading->place();
    if (!trim(rest).empty())
        invocation.warn(
            fmt::format("AH02989: {} on line {} of {}: {}", what, place.line, *place.file, rest));
}

// How many sections are open; the macro's own is one.
void follow_nesting(const std::string& word, int& open, const std::string& name, const Macro& macro,
                    Invocation& invocation) {
    if (!word.starts_with('<')) return;
    open += word.starts_with("</") ? -1 : 1;
    if (open < 0 && word.starts_with("</") && invocation.reading->macro_warnings().of_nesting)
        invocation.warn(fmt::format("AH02793: bad (negative) nesting on line {} of {}",
                                    invocation.reading->place().line - invocation.node.place.line,
                                    described(name, macro)));
}

// The lines up to the end of the section, without comments.
Status take_lines(Macro& macro, const std::string& name, Invocation& invocation) {
    int open = 1;
    for (int macros = 1;;) {
        auto more = invocation.reading->next_line();
        if (!more) return more.error();
        if (!*more)
            return Error{fmt::format("{}\n\tcontents error: expected token not found: </Macro>",
                                     described(name, macro))};
        const std::string& line = invocation.reading->line();
        if (line.starts_with('#')) continue;
        std::string_view rest = line;
        const std::string word = next_word(rest);
        follow_nesting(word, open, name, macro, invocation);
        if (iequals(word, "<Macro")) ++macros;
        if (iequals(word, "</Macro>") && --macros == 0) break;
        macro.lines.push_back(line);
    }
    warn_of_rest(invocation, "AH02794: non blank chars found after directive closing");
    if (open != 0 && invocation.reading->macro_warnings().of_nesting)
        invocation.warn(fmt::format("AH02795: bad cumulated nesting ({:+}) in {}", open,
                                    described(name, macro)));
    return {};
}

Status define_macro(Invocation& invocation, Arguments arguments) {
    std::string_view rest = arguments[0];
    const std::string name = lower(next_word(rest));
    if (name.empty()) return Error{"<Macro macro definition: empty name"};
    warn_of_rest(invocation, "AH02801: non blank chars found after <Macro closing '>'");
    Macro macro;
    macro.place = "defined " + in_quotes(invocation.node.place);
    macro.parameters = split_words(rest);
    if (auto checked = check_parameters(name, macro, invocation); !checked) return checked;
    if (auto taken = take_lines(macro, name, invocation); !taken) return taken;

    auto& known = invocation.reading->macros().all[name];
    if (known)
        invocation.warn(fmt::format("AH02802: macro '{}' multiply defined: {}, redefined {}", name,
                                    known->place, in_quotes(invocation.node.place)));
    warn_of_unused(name, macro, invocation);
    known = std::move(macro);
    return {};
}

void warn_of_empty(const std::string& use, Arguments values, Invocation& invocation) {
    if (!invocation.reading->macro_warnings().of_empty_values) return;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i].empty())
            invocation.warn(fmt::format("AH02798: {}: empty argument #{}", use, i + 1));
}

// The name of a text that a macro made tells all macros that led to it.
Status use(Invocation& invocation, Arguments arguments) {
    const auto& macros = invocation.reading->macros().all;
    if (macros.empty()) return Error{"no macro defined before Use"};
    auto values = split_words(arguments[0]);
    if (values.empty()) return Error{"no macro name specified with Use"};
    const std::string name = lower(values.front());
    values.erase(values.begin());
    const auto found = macros.find(name);
    if (found == macros.end() || !found->second)
        return Error{fmt::format("macro '{}' undefined", name)};
    const Macro& macro = *found->second;
    const Place& place = invocation.node.place;
    if (place.file->find(fmt::format("macro '{}'", name)) != std::string::npos)
        return Error{fmt::format("recursive use of macro '{}' is invalid", name)};
    if (values.size() != macro.parameters.size())
        return Error{fmt::format("{} used with {} arguments instead of {}", described(name, macro),
                                 values.size(), macro.parameters.size())};

    std::string text;
    std::vector<bool> used(values.size());
    for (const auto& line : macro.lines) text += fill_in(line, macro, values, used) + '\n';
    auto title = fmt::format("{} used {}", described(name, macro), in_quotes(place));
    warn_of_empty(title, values, invocation);
    invocation.reading->insert(LineReader(std::move(title), std::move(text)));
    return {};
}

Status undefine_macro(Invocation& invocation, Arguments arguments) {
    auto& macros = invocation.reading->macros().all;
    if (macros.empty()) return Error{"no macro defined before UndefMacro"};
    const std::string name = lower(arguments[0]);
    const auto known = macros.find(name);
    if (known == macros.end() || !known->second)
        return Error{fmt::format("cannot remove undefined macro '{}'", name)};
    known->second.reset();
    return {};
}

template <bool MacroWarnings::*Kind>
Status ignore(Invocation& invocation, Arguments) {
    invocation.reading->macro_warnings().*Kind = false;
    return {};
}

constexpr unsigned macros_stand_in = anywhere;

const std::array macro_rows{
    Directive{"<Macro", Shape::raw, macros_stand_in, override_all, define_macro,
              "Beginning of a macro definition section.", true},
    Directive{"Use", Shape::raw, macros_stand_in, override_all, use, "Use of a macro.", true},
    Directive{"UndefMacro", Shape::one, macros_stand_in, override_all, undefine_macro,
              "Remove a macro definition.", true},
    Directive{"MacroIgnoreEmptyArgs", Shape::no_arguments, macros_stand_in, override_all,
              ignore<&MacroWarnings::of_empty_values>, "Ignore empty arguments in macros.", true},
    Directive{"MacroIgnoreBadNesting", Shape::no_arguments, macros_stand_in, override_all,
              ignore<&MacroWarnings::of_nesting>, "Ignore bad nesting in macros.", true},
};

} // namespace

std::span<const Directive> macro_directives() { return macro_rows; }

} // namespace preforkd::config
