// A program that filters content, as ExtFilterDefine describes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/directive.h"
#include "os/piped_program.h"
#include "os/script_program.h"
#include "pipeline/filter_list.h"
#include "pipeline/request.h"

namespace preforkd {

// ExtFilterOptions.
struct ExternalOptions {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const ExternalOptions& outer) {
        config::inherit(logs_errors, outer.logs_errors);
        config::inherit(goes_on, outer.goes_on);
    }
    std::optional<bool> logs_errors; // LogStderr
    std::optional<bool> goes_on;     // Onfail=remove: without the program
};

struct ExternalDefinition {
    std::string name, command;
    std::string input_type, output_type;               // "" for any, for the same
    std::string enabling_variable, disabling_variable; // "" for none
    bool keeps_length = false;
    bool is_for_requests = false; // mode=input
    int order = 10;               // Apache's number for the kind
};

class ExternalProgram {
  public:
    explicit ExternalProgram(ExternalDefinition definition);
    const ExternalDefinition& definition() const { return definition_; }
    FilterKind kind() const;

    // Whether it has anything to do with content of that type.
    bool is_for(const Request& request, std::string_view content_type) const;
    // Starts it for one request, whatever becomes of which it ends with it. nullptr where it cannot
    // be started: the log tells of it.
    ScriptProgram* start(Request& request) const;
    // What then: the content goes its way unfiltered (Onfail=remove), or the request fails.
    static bool may_be_missing(const Request& request) {
        return request.of<ExternalOptions>().goes_on.value_or(false);
    }

  private:
    ExternalDefinition definition_;
    CommandWords words_;
};

// Ends the programs of the request at hand (log_transaction).
void end_external_programs(Request&);

} // namespace preforkd
