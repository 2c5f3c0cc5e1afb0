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
    Reading(Configuration& configuration, DirectiveTable& rows, std::span<const ModuleRows> modules,
            LoadModule load = {});

    // In .htaccess files only what the rules allow is obeyed.
    void follow(const HtaccessRules& rules) { rules_ = &rules; }
    // What is obeyed while reading is told, and fails in the telling only.
    void tell(Witness* witness) { witness_ = witness; }

    // Each adds to `tree`. On failure `failed_at()` says where, as far as a line is to blame.
    Status read_file(const std::string& path, SyntaxTree& tree);
    Status read_text(LineReader lines, SyntaxTree& tree);
    const std::optional<Place>& failed_at() const { return failed_at_; }

    // For directives that are obeyed while reading. Their content stands in the lines that follow.

    // Reads the content of the section at hand as if the section were not there, or skips it.
    Status take_content(const Node& section, bool wanted);
    // The next line, whatever it says; false at the end.
    Result<bool> next_line();
    const std::string& line() const { return texts_->back().line(); }
    Place place() const { return texts_->back().place(); }
    // Reads another file at this place.
    Status include(const std::string& path);
    // Goes on with these lines, then with those that follow here: a section may begin in the ones
    // and end in the others.
    void insert(LineReader lines) { texts_->push_back(std::move(lines)); }

    Configuration& configuration() { return configuration_; }
    // Its directives can be used from here on.
    void enable(const ModuleRows& module);
    std::span<const ModuleRows> modules() const { return modules_; }
    const LoadModule& load() const { return load_; }
    MacroTable& macros() { return macros_; }
    MacroWarnings& macro_warnings() { return macro_warnings_; }

  private:
    // A section that was opened and not closed yet.
    struct Open {
        std::string name;
        Place place;
        bool obeyed_at_once; // its content belongs to the sections around it
    };

    Error refuse_to_read(const std::string& path);
    Status read_block(std::size_t depth);
    Status read_line(std::string_view line, bool& closed);
    Status close(std::string_view name);
    Status check_all_closed();
    Status read_section(Node node);
    Status open_section(const Node& section, bool obeyed_at_once);
    Status skip(const Node& section);
    Status obey(const Directive& directive, Node& node);
    Status seen_from_here(Status read);
    Status told(const Invocation& invocation, Status outcome);
    std::string replace_variables(std::string_view text);

    Configuration& configuration_;
    DirectiveTable& rows_;
    std::span<const ModuleRows> modules_;
    LoadModule load_;
    const HtaccessRules* rules_ = nullptr;
    Witness* witness_ = nullptr;
    MacroTable macros_;
    MacroWarnings macro_warnings_;
    std::optional<Place> failed_at_;
    std::vector<LineReader>* texts_ = nullptr; // a file, and what was inserted into it
    SyntaxTree* tree_ = nullptr;
    Nodes* nodes_ = nullptr; // where in it the next one goes
    std::vector<Open> open_;
    std::size_t opened_outside_ = 0; // how many of those in other files
    std::size_t depth_ = 0;          // files within files
};

} // namespace preforkd::config
