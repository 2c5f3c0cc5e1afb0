// watchdog: periodic work of other modules. Only its interval is checked.
#include "modules/modules.h"
#include "modules/server/arguments.h"

namespace preforkd {

namespace {

Status check_interval(config::Invocation&, config::Arguments arguments) {
    const auto interval = parse_duration(arguments[0]);
    if (!interval) return Error{"Unparse-able WatchdogInterval setting"};
    if (*interval < std::chrono::milliseconds(100))
        return Error{"Invalid WatchdogInterval: minimal value 100ms"};
    return {};
}

} // namespace

Module watchdog_module() {
    return {
        .name = "watchdog",
        .built_in = true,
        .directives = {{"WatchdogInterval", config::Shape::one, config::server_config,
                        config::override_none, check_interval, "Watchdog interval in seconds"}},
    };
}

} // namespace preforkd
