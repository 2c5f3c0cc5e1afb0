#include "modules/response/ext_filter/external_program.h"

#include <fmt/format.h>
#include <memory>
#include <vector>

#include "base/text.h"
#include "pipeline/script_settings.h"
#include "pipeline/script_variables.h"

namespace preforkd {

namespace {

std::vector<std::unique_ptr<ScriptProgram>> running;

// What a script is told, and of the document that is filtered.
std::vector<std::string> environment_of(Request& request) {
    add_script_variables(request);
    request.set_variable("DOCUMENT_URI", request.uri);
    request.set_variable("DOCUMENT_PATH_INFO", request.path_info);
    return environment_for_program(request);
}

} // namespace

void end_external_programs(Request&) { running.clear(); }

ExternalProgram::ExternalProgram(ExternalDefinition definition)
    : definition_(std::move(definition)), words_(split_command(definition_.command)) {}

FilterKind ExternalProgram::kind() const {
    if (definition_.order < 20) return FilterKind::resource;
    if (definition_.order < 30) return FilterKind::content_set;
    return FilterKind::protocol;
}

bool ExternalProgram::is_for(const Request& request, std::string_view content_type) const {
    const auto media_type = content_type.substr(0, content_type.find_first_of("; \t"));
    if (!definition_.input_type.empty() && !iequals(definition_.input_type, media_type))
        return false;
    const auto& off = definition_.disabling_variable;
    const auto& on = definition_.enabling_variable;
    return (off.empty() || !request.find_variable(off)) &&
           (on.empty() || request.find_variable(on));
}

ScriptProgram* ExternalProgram::start(Request& request) const {
    const bool logs_errors = request.of<ExternalOptions>().logs_errors.value_or(false);
    auto program = ScriptProgram::start(
        {.words = words_,
         .environment = environment_of(request),
         .folder = "/", // where Apache's children live
         .limits = request.of<ScriptSettings>().limits(),
         .reads = true,
         .errors = logs_errors ? ScriptProgram::Errors::ours : ScriptProgram::Errors::nowhere});
    if (program) {
        running.push_back(std::make_unique<ScriptProgram>(std::move(*program)));
        return running.back().get();
    }
    const int code = program.error().code;
    request.log(
        "ext_filter", log::Level::error,
        fmt::format("AH01458: couldn't create child process to run `{}'", definition_.command),
        code);
    request.log("ext_filter", log::Level::error,
                fmt::format("{} filter {}: {}",
                            definition_.is_for_requests ? "AH01470: can't initialise input"
                                                        : "AH01467: can't initialise output",
                            definition_.name, may_be_missing(request) ? "removing" : "aborting"),
                code);
    return nullptr;
}

} // namespace preforkd
