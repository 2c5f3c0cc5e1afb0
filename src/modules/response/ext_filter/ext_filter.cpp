// ext_filter: filters that are programs.
#include <fmt/format.h>
#include <memory>

#include "base/text.h"
#include "config/directive.h"
#include "config/words.h"
#include "modules/modules.h"
#include "modules/response/ext_filter/external_filters.h"
#include "modules/server/arguments.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

struct ExternalFilters {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const ExternalFilters&) {}
    std::vector<std::shared_ptr<ExternalFilter>> filters; // the main server's are everybody's
};

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
    std::string ExternalDefinition::*field;
};
constexpr TextParameter text_parameters[] = {
    {"enableenv=", &ExternalDefinition::enabling_variable},
    {"disableenv=", &ExternalDefinition::disabling_variable},
    {"intype=", &ExternalDefinition::input_type},
    {"outtype=", &ExternalDefinition::output_type},
};

Status take_word(ExternalDefinition& definition, const std::string& word) {
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
    ExternalDefinition definition;
    definition.name = config::next_word(rest);
    if (definition.name.empty()) return Error{"Filter name not found"};
    for (const auto& known : external.filters)
        if (iequals(known->name(), definition.name))
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

const ExternalFilter* find(const config::Configuration& configuration, std::string_view name) {
    const auto* known = configuration.said_by_main_server().find<ExternalFilters>();
    if (!known) return nullptr;
    for (const auto& filter : known->filters)
        if (iequals(filter->name(), name)) return filter.get();
    return nullptr;
}

} // namespace

const OutputFilterRegistration*
find_external_output_filter(const config::Configuration& configuration, std::string_view name) {
    const auto* filter = find(configuration, name);
    return filter ? filter->output() : nullptr;
}

const InputFilterRegistration*
find_external_input_filter(const config::Configuration& configuration, std::string_view name) {
    const auto* filter = find(configuration, name);
    return filter ? filter->input() : nullptr;
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
    module.hooks.log_transaction = end_external_programs;
    return module;
}

} // namespace preforkd
