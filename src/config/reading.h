// From files to a syntax tree: lines, variables, sections, and the directives that are obeyed while
// they are read because they change what is read next.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/configuration.h"
#include "config/directive.h"
#include "config/line_reader.h"
#include "config/macro.h"
#include "config/reader.h"

namespace preforkd::config {

class Reading {
  public:
    // `rows` grows as modules are loaded.
    Reading(Configuration& configuration, DirectiveTable& rows, std::span<const ModuleRows> modules);

    // In .htaccess files only what the rules allow is obeyed.
    void follow(const HtaccessRules& rules) { rules_ = &rules; }

    // Each adds to `tree`. On failure `failed_at()` says where, as far as a line is to blame.
    Status read_file(const std::string& path, std::vector<Node>& tree);
    Status read_text(LineReader lines, std::vector<Node>& tree);
    const std::optional<Place>& failed_at() const { return failed_at_; }

    // For directives that are obeyed while reading. Their content stands in the lines that follow.

    // Reads the content of the section at hand as if the section were not there, or skips it.
    Status take_content(const Node& section, bool wanted);
    // The lines of the section at hand, as they are.
    Result<std::vector<std::string>> take_lines(const Node& section);
    // Reads another file, or another text, at this place.
    Status include(const std::string& path);
    Status insert(LineReader lines);

    Configuration& configuration() { return configuration_; }
    // Its directives can be used from here on.
    void enable(const ModuleRows& module);
    std::span<const ModuleRows> modules() const { return modules_; }
    std::map<std::string, Macro>& macros() { return macros_; }

  private:
    // A section that was opened and not closed yet.
    struct Open {
        std::string name;
        Place place;
        bool obeyed_at_once; // its content belongs to the sections around it
    };

    Status read_block(std::size_t depth);
    Status read_line(std::string_view line, bool& closed);
    Status close(std::string_view written);
    Status read_section(Node node);
    Status obey(const Directive& directive, Node& node);
    Status seen_from_here(Status read);
    Error fail_at(const Place& place, std::string message);
    std::string replace_variables(std::string_view text);

    Configuration& configuration_;
    DirectiveTable& rows_;
    std::span<const ModuleRows> modules_;
    const HtaccessRules* rules_ = nullptr;
    std::map<std::string, Macro> macros_;
    std::optional<Place> failed_at_;
    LineReader* lines_ = nullptr;       // what is read at the moment
    std::vector<Node>* tree_ = nullptr; // where it goes
    std::vector<Open> open_;
    std::size_t depth_ = 0; // files within files
};

} // namespace preforkd::config
