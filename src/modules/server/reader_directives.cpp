#include "modules/server/reader_directives.h"

#include <array>

#include "base/text.h"
#include "config/section_directives.h"

namespace preforkd {

namespace {

struct Home {
    std::string_view directive;
    std::string_view module;
};

constexpr std::array homes{
    Home{"LoadModule", "so"},
    Home{"LoadFile", "so"},
    Home{"<IfVersion", "version"},
    Home{"<Macro", "macro"},
    Home{"Use", "macro"},
    Home{"UndefMacro", "macro"},
    Home{"MacroIgnoreEmptyArgs", "macro"},
    Home{"MacroIgnoreBadNesting", "macro"},
};

std::string_view home_of(std::string_view directive) {
    for (const Home& home : homes)
        if (iequals(home.directive, directive)) return home.module;
    return "core";
}

} // namespace

std::vector<config::Directive> reader_directives_of(std::string_view module) {
    std::vector<config::Directive> rows;
    for (const auto& row : config::section_directives())
        if (home_of(row.name) == module) rows.push_back(row);
    for (const auto& row : config::reading_directives())
        if (home_of(row.name) == module) rows.push_back(row);
    return rows;
}

} // namespace preforkd
