// What preforkctl was asked for, and the command line of the preforkd that does it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/command_line.h"
#include "app/complete_configuration.h"
#include "base/result.h"
#include "os/program.h"

namespace preforkd {

struct ControlRequest {
    std::string verb;     // empty: `options` are for preforkd alone
    CommandWords options; // for preforkd
};

// The last word is the verb, or the first, with options behind it, as apachectl has it; "-k verb"
// is taken as well. Whatever has no verb is for preforkd.
ControlRequest parse_control_request(std::span<char* const> words);

// The options as preforkd will understand them; nothing where it will not.
std::optional<CommandLine> options_of(const ControlRequest& request);

// preforkd beside this program, or wherever PATH finds it.
std::string server_program();
// The same with the options, and more behind them.
CommandWords server_command(const ControlRequest& request, const CommandWords& more);

// The configuration that the options name. Fails with what preforkd would say.
Result<std::unique_ptr<config::Configuration>> read_for_control(const ControlRequest& request);

} // namespace preforkd
