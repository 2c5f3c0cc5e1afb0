// reqtimeout: how long a client may take to send its request.
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"
#include "config/merge_servers.h"
#include "modules/modules.h"
#include "modules/server/read_timeout.h"
#include "pipeline/core_settings.h"

namespace preforkd {

namespace {

using Settings = RequestReadTimeoutSettings;
using Stage = Settings::Stage;

Status set_stage(Settings& settings, const std::string& argument) {
    const auto equals = argument.find('=');
    if (equals == std::string::npos)
        return Error{"Invalid RequestReadTimeout parameter. Parameter must be in the form "
                     "'key=value'"};
    const std::string_view key = std::string_view(argument).substr(0, equals);
    std::optional<Stage>* stage = nullptr;
    if (iequals(key, "handshake")) stage = &settings.handshake;
    if (iequals(key, "header")) stage = &settings.head;
    if (iequals(key, "body")) stage = &settings.body;
    if (!stage)
        return Error{
            fmt::format("RequestReadTimeout: {}: Unknown RequestReadTimeout parameter", argument)};
    const auto parsed = parse_read_timeout(std::string_view(argument).substr(equals + 1));
    if (!parsed)
        return Error{fmt::format("RequestReadTimeout: {}: {}", argument, parsed.error().what)};
    *stage = *parsed;
    return {};
}

Status set_request_read_timeout(Settings& settings, config::Arguments arguments) {
    for (const std::string& argument : arguments)
        if (auto set = set_stage(settings, argument); !set) return set;
    return {};
}

// Once the module is loaded, it limits slow clients without being told to.
Status fill_in_defaults(config::Configuration& configuration) {
    auto& settings = configuration.main_server().server_settings.edit<Settings>();
    const Stage head{std::chrono::seconds(20), std::chrono::seconds(40), 500};
    const Stage body{std::chrono::seconds(20), {}, 500};
    if (!settings.handshake) settings.handshake = Stage{};
    if (!settings.head) settings.head = head;
    if (!settings.body) settings.body = body;
    config::merge_servers<Settings>(configuration);
    return {};
}

} // namespace

Module reqtimeout_module() {
    return {
        .name = "reqtimeout",
        .directives = {{"RequestReadTimeout", config::Shape::words,
                        config::server_config | config::virtual_host, config::override_none,
                        config::edits<set_request_read_timeout>,
                        "Set various timeout parameters for TLS handshake and/or reading request "
                        "headers and body"}},
        .settings = {config::settings_type<Settings>()},
        .hooks = {.post_config = fill_in_defaults},
    };
}

} // namespace preforkd
