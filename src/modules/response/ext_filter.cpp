// ext_filter: filters that are programs.
#include <array>
#include <fmt/format.h>
#include <memory>

#include "base/text.h"
#include "config/directive.h"
#include "config/words.h"
#include "modules/modules.h"
#include "modules/response/output_filters.h"
#include "modules/server/arguments.h"
#include "os/piped_program.h"
#include "os/script_program.h"
#include "pipeline/request.h"
#include "pipeline/script_settings.h"
#include "pipeline/script_variables.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

struct ExternalOptions {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const ExternalOptions& outer) {
        config::inherit(logs_errors, outer.logs_errors);
        config::inherit(goes_on, outer.goes_on);
    }
    std::optional<bool> logs_errors; // LogStderr
    std::optional<bool> goes_on;     // Onfail=remove: without the program
};

// What ExtFilterDefine says of one.
struct Definition {
    std::string name, command;
    std::string input_type, output_type;               // "" for any, for the same
    std::string enabling_variable, disabling_variable; // "" for none
    bool keeps_length = false;
    bool is_for_requests = false; // mode=input
    int order = 10;               // Apache's number for the kind
};

// The programs of the response at hand: whatever becomes of it, they end with it.
std::vector<std::unique_ptr<ScriptProgram>> running;

void end_programs(Request&) { running.clear(); }

// Lives in the request's arena, which destroys nothing.
class ProgramSink final : public FilterSink {
  public:
    ProgramSink(Request& request, ScriptProgram& program) : request_(request), program_(program) {}
    Status write(std::string_view bytes) override { return checked(program_.feed(bytes, taker())); }
    // Only the program knows what it has to say by now.
    Status flush() override { return {}; }
    Status finish() override {
        if (auto taken = checked(program_.finish(taker())); !taken) return taken;
        return next_->finish();
    }

  private:
    ScriptProgram::Listener taker() {
        return {.output = [this](std::string_view text) { return next_->write(text); }};
    }
    Status checked(Status outcome) {
        if (!outcome) request_.response.filter_failed = true;
        return outcome;
    }

    Request& request_;
    ScriptProgram& program_;
};

// In the place of a program that could not be started.
class FailedSink final : public FilterSink {
  public:
    explicit FailedSink(Request& request) : request_(request) {}
    Status write(std::string_view) override { return fail(); }
    Status finish() override { return fail(); }

  private:
    Status fail() {
        request_.response.filter_failed = true;
        return Error{"the filter's program cannot be started", EINVAL};
    }
    Request& request_;
};

FilterKind kind_of(int order) {
    if (order < 20) return FilterKind::resource;
    if (order < 30) return FilterKind::content_set;
    return FilterKind::protocol;
}

class ExternalFilter final : public OutputFilter {
  public:
    explicit ExternalFilter(Definition definition)
        : OutputFilter(kind_of(definition.order)), definition_(std::move(definition)),
          words_(split_command(definition_.command)), registration_{definition_.name, this} {}
    const FilterRegistration& registration() const { return registration_; }
    FilterSink* begin(Request& request) const override;

  private:
    bool is_for(const Request& request) const;
    FilterSink* refuse(Request& request, const Error& error) const;

    Definition definition_;
    CommandWords words_;
    FilterRegistration registration_;
};

struct ExternalFilters {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const ExternalFilters&) {}
    std::vector<std::shared_ptr<ExternalFilter>> filters; // the main server's are everybody's
};

bool ExternalFilter::is_for(const Request& request) const {
    const auto type = request.response.content_type;
    const auto media_type = type.substr(0, type.find_first_of("; \t"));
    if (!definition_.input_type.empty() && !iequals(definition_.input_type, media_type))
        return false;
    const auto& off = definition_.disabling_variable;
    const auto& on = definition_.enabling_variable;
    return (off.empty() || !request.find_variable(off)) &&
           (on.empty() || request.find_variable(on)) && !definition_.is_for_requests;
}

// What a script is told, and of the document that is filtered.
std::vector<std::string> environment_of(Request& request) {
    add_script_variables(request);
    request.set_variable("DOCUMENT_URI", request.uri);
    if (!request.path_info.empty()) request.set_variable("DOCUMENT_PATH_INFO", request.path_info);
    std::vector<std::string> environment;
    for (const auto& variable : request.variables)
        environment.push_back(fmt::format("{}={}", variable.name, variable.value));
    return environment;
}

FilterSink* ExternalFilter::refuse(Request& request, const Error& error) const {
    request.log(
        "ext_filter", log::Level::error,
        fmt::format("AH01458: couldn't create child process to run `{}'", definition_.command),
        error.code);
    request.log("ext_filter", log::Level::error,
                fmt::format("AH01467: can't initialise output filter {}: {}", definition_.name,
                            request.of<ExternalOptions>().goes_on.value_or(false) ? "removing"
                                                                                  : "aborting"));
    if (request.of<ExternalOptions>().goes_on.value_or(false)) return nullptr;
    return new (request.arena.bytes_for<FailedSink>()) FailedSink(request);
}

FilterSink* ExternalFilter::begin(Request& request) const {
    if (!is_for(request)) return nullptr;
    auto program =
        ScriptProgram::start({.words = words_,
                              .environment = environment_of(request),
                              .folder = {},
                              .limits = request.of<ScriptSettings>().limits(),
                              .reads = true,
                              .errors = request.of<ExternalOptions>().logs_errors.value_or(false)
                                            ? ScriptProgram::Errors::ours
                                            : ScriptProgram::Errors::nowhere});
    if (!program) return refuse(request, program.error());
    if (!definition_.output_type.empty()) {
        request.response.content_type = definition_.output_type;
        request.response.charset = {};
    }
    if (!definition_.keeps_length) withdraw_length(request.response);
    running.push_back(std::make_unique<ScriptProgram>(std::move(*program)));
    return new (request.arena.bytes_for<ProgramSink>()) ProgramSink(request, *running.back());
}

// The text behind "cmd=", which quotes may hold together.
Result<std::string> take_command(std::string_view& rest) {
    if (rest.empty()) return Error{"Invalid cmd= parameter"};
    if (rest.front() != '"') return config::next_word(rest);
    const auto end = rest.find('"', 1);
    if (end == rest.npos) return Error{"Expected cmd= delimiter"};
    std::string command(rest.substr(1, end - 1));
    rest.remove_prefix(end + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    return command;
}

struct TextParameter {
    std::string_view name;
    std::string Definition::*field;
};
constexpr TextParameter text_parameters[] = {
    {"enableenv=", &Definition::enabling_variable},
    {"disableenv=", &Definition::disabling_variable},
    {"intype=", &Definition::input_type},
    {"outtype=", &Definition::output_type},
};

Status take_word(Definition& definition, const std::string& word) {
    for (const auto& parameter : text_parameters)
        if (istarts_with(word, parameter.name)) {
            definition.*parameter.field = word.substr(parameter.name.size());
            return {};
        }
    const auto value = word.substr(std::min(word.find('=') + 1, word.size()));
    if (istarts_with(word, "preservescontentlength")) definition.keeps_length = true;
    else if (istarts_with(word, "ftype=")) definition.order = leading_integer(value);
    else if (istarts_with(word, "mode=")) {
        definition.is_for_requests = value == "input";
        if (value != "input" && value != "output")
            return Error{fmt::format("Invalid mode: `{}'", value)};
    } else return Error{fmt::format("Unexpected parameter: `{}'", word)};
    return {};
}

Status define(ExternalFilters& external, Arguments arguments, Invocation& invocation) {
    std::string_view rest = arguments[0];
    Definition definition;
    definition.name = config::next_word(rest);
    if (definition.name.empty()) return Error{"Filter name not found"};
    for (const auto& known : external.filters)
        if (iequals(known->registration().name, definition.name))
            return Error{fmt::format("ExtFilter {} is already defined", definition.name)};
    while (!rest.empty()) {
        if (istarts_with(rest, "cmd=")) {
            rest.remove_prefix(4);
            auto command = take_command(rest);
            if (!command) return command.error();
            definition.command = std::move(*command);
        } else if (auto taken = take_word(definition, config::next_word(rest)); !taken) {
            return taken;
        }
    }
    if (definition.command.empty()) return Error{"cmd= parse error"};
    auto& known = invocation.configuration.main_server().server_settings.edit<ExternalFilters>();
    known.filters.push_back(std::make_shared<ExternalFilter>(std::move(definition)));
    return {};
}

Status set_option(ExternalOptions& options, Arguments arguments) {
    const std::string& word = arguments[0];
    if (iequals(word, "LogStderr")) options.logs_errors = true;
    else if (iequals(word, "NoLogStderr")) options.logs_errors = false;
    else if (iequals(word, "Onfail=remove")) options.goes_on = true;
    else if (iequals(word, "Onfail=abort")) options.goes_on = false;
    else return Error{fmt::format("Invalid ExtFilterOptions option: {}", word)};
    return {};
}

} // namespace

const FilterRegistration* find_external_filter(const config::Configuration& configuration,
                                               std::string_view name) {
    const auto* known = configuration.said_by_main_server().find<ExternalFilters>();
    if (!known) return nullptr;
    for (const auto& filter : known->filters)
        if (iequals(filter->registration().name, name)) return &filter->registration();
    return nullptr;
}

Module ext_filter_module() {
    Module module{.name = "ext_filter"};
    module.directives = {
        {"ExtFilterOptions", Shape::each, config::directory, config::override_none,
         config::edits<set_option>, "valid options: LogStderr, NoLogStderr"},
        {"ExtFilterDefine", Shape::raw, config::server_config | config::virtual_host,
         config::override_none, config::edits<define>, "Define an external filter"},
    };
    module.settings.push_back(config::settings_type<ExternalFilters>());
    module.settings.push_back(config::settings_type<ExternalOptions>());
    module.hooks.log_transaction = end_programs;
    return module;
}

} // namespace preforkd
