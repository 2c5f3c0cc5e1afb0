// How the server speaks HTTP: deadlines, methods, paths, what it lets pass.
#include <array>

#include "base/text.h"
#include "config/configuration.h"
#include "modules/server/arguments.h"
#include "modules/server/core/core_directives.h"
#include "pipeline/core_settings.h"

namespace preforkd {

namespace {

using config::Arguments;
using config::Invocation;
using config::Shape;

// A negative number means for ever, as far as anyone can wait.
constexpr Duration for_ever = std::chrono::hours(24 * 365);

Status set_timeout(CoreServerSettings& settings, Arguments arguments) {
    const int seconds = leading_integer(arguments[0]);
    settings.timeout = seconds < 0 ? for_ever : Duration(std::chrono::seconds(seconds));
    return {};
}

Status set_trace_enable(CoreServerSettings& settings, Arguments arguments) {
    const bool extended = iequals(arguments[0], "extended");
    const auto on = parse_on_off(arguments[0]);
    if (!on && !extended) return Error{"TraceEnable must be one of 'on', 'off', or 'extended'"};
    settings.trace_enable = extended || *on;
    settings.trace_extended = extended;
    return {};
}

Status set_encoded_slashes(CoreServerSettings& settings, Arguments arguments) {
    const auto on = parse_on_off(arguments[0]);
    if (!on && !iequals(arguments[0], "nodecode"))
        return Error{"AllowEncodedSlashes must be On, Off, or NoDecode"};
    if (!on) settings.encoded_slashes = http::EncodedSlashes::keep;
    else
        settings.encoded_slashes =
            *on ? http::EncodedSlashes::decode : http::EncodedSlashes::refuse;
    return {};
}

// Each word of a pair excludes the other within one line.
Status choose(std::optional<bool>& choice, bool value, std::string_view usual,
              std::string_view other) {
    if (choice && *choice != value)
        return Error{"HttpProtocolOptions '" + std::string(usual) + "' and '" + std::string(other) +
                     "' are mutually exclusive"};
    choice = value;
    return {};
}

struct ProtocolChoices {
    std::optional<bool> unsafe;
    std::optional<bool> http_0_9;
    std::optional<bool> registered_only;
};

Status choose_protocol_option(ProtocolChoices& choices, std::string_view word) {
    if (iequals(word, "strict")) return choose(choices.unsafe, false, "Strict", "Unsafe");
    if (iequals(word, "unsafe")) return choose(choices.unsafe, true, "Strict", "Unsafe");
    if (iequals(word, "require1.0"))
        return choose(choices.http_0_9, false, "Allow0.9", "Require1.0");
    if (iequals(word, "allow0.9")) return choose(choices.http_0_9, true, "Allow0.9", "Require1.0");
    if (iequals(word, "registeredmethods"))
        return choose(choices.registered_only, true, "RegisteredMethods", "LenientMethods");
    if (iequals(word, "lenientmethods"))
        return choose(choices.registered_only, false, "RegisteredMethods", "LenientMethods");
    return Error{"HttpProtocolOptions accepts 'Unsafe' or 'Strict' (default), 'RegisteredMethods' "
                 "or 'LenientMethods' (default), and 'Require1.0' or 'Allow0.9' (default)"};
}

Status require_arguments(const Invocation& invocation, Arguments arguments) {
    if (!arguments.empty()) return {};
    return Error{std::string(invocation.directive.name) + " requires at least one argument, " +
                 std::string(invocation.directive.usage)};
}

Status set_protocol_options(CoreServerSettings& settings, Arguments arguments,
                            Invocation& invocation) {
    if (auto some = require_arguments(invocation, arguments); !some) return some;
    ProtocolChoices choices;
    for (const std::string& word : arguments)
        if (auto chosen = choose_protocol_option(choices, word); !chosen) return chosen;
    if (choices.unsafe) settings.protocol_unsafe = choices.unsafe;
    if (choices.http_0_9) settings.protocol_http_0_9 = choices.http_0_9;
    if (choices.registered_only) settings.protocol_registered_only = choices.registered_only;
    return {};
}

Status register_methods(CoreServerSettings& settings, Arguments arguments, Invocation& invocation) {
    if (auto some = require_arguments(invocation, arguments); !some) return some;
    settings.registered_methods.insert(settings.registered_methods.end(), arguments.begin(),
                                       arguments.end());
    return {};
}

Status accept_words(Invocation& invocation, Arguments arguments) {
    return require_arguments(invocation, arguments);
}

Status check_honor_order(Invocation&, Arguments arguments) {
    if (!parse_on_off(arguments[0])) return Error{"ProtocolsHonorOrder must be 'on' or 'off'"};
    return {};
}

const std::array protocol_rows{
    config::Directive{"Timeout", Shape::one, in_servers, config::override_none,
                      config::edits<set_timeout>, "Timeout duration (sec)"},
    config::Directive{"TraceEnable", Shape::one, in_servers, config::override_none,
                      config::edits<set_trace_enable>,
                      "'on' (default), 'off' or 'extended' to trace request body content"},
    config::Directive{"AllowEncodedSlashes", Shape::one, in_servers, config::override_none,
                      config::edits<set_encoded_slashes>,
                      "Allow URLs containing '/' encoded as '%2F'"},
    config::Directive{"MergeSlashes", Shape::flag, in_servers, config::override_none,
                      config::sets_flag<&CoreServerSettings::merge_slashes>,
                      "Controls whether consecutive slashes in the URI path are merged"},
    config::Directive{"MergeTrailers", Shape::flag, in_servers, config::override_none,
                      config::sets_flag<&CoreServerSettings::merge_trailers>,
                      "merge request trailers into request headers or not"},
    config::Directive{"HttpProtocolOptions", Shape::some_words, in_servers, config::override_none,
                      config::edits<set_protocol_options>,
                      "'Allow0.9' or 'Require1.0' (default); 'RegisteredMethods' or "
                      "'LenientMethods' (default); 'Unsafe' or 'Strict' (default). Sets HTTP "
                      "acceptance rules"},
    config::Directive{"RegisterHttpMethod", Shape::some_words, in_main_server,
                      config::override_none, config::edits<register_methods>,
                      "Registers non-standard HTTP methods"},
    config::Directive{"Protocols", Shape::some_words, in_servers, config::override_none,
                      accept_words, "Controls which protocols are allowed"},
    config::Directive{"ProtocolsHonorOrder", Shape::one, in_servers, config::override_none,
                      check_honor_order,
                      "'off' (default) or 'on' to respect given order of protocols, by default the "
                      "client specified order determines selection"},
    config::Directive{"Protocol", Shape::one, in_servers, config::override_none,
                      config::accepted_for_later, "Set the Protocol for httpd to use."},
};

} // namespace

std::span<const config::Directive> protocol_directives() { return protocol_rows; }

} // namespace preforkd
