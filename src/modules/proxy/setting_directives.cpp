// The directives of mod_proxy that say one thing each.
#include <fmt/format.h>

#include "base/text.h"
#include "modules/proxy/proxy_settings.h"
#include "modules/server/arguments.h"

namespace preforkd::proxy {

using config::Arguments;
using config::Shape;

namespace {

constexpr int least_buffer = 512;

Status set_timeout(ServerSettings& settings, Arguments arguments) {
    const auto timeout = parse_duration(arguments[0]);
    if (!timeout) return Error{"ProxyTimeout has wrong format"};
    if (*timeout < std::chrono::seconds(1))
        return Error{"Proxy Timeout must be at least 1 second."};
    settings.timeout = timeout;
    return {};
}

Status set_via(ServerSettings& settings, Arguments arguments) {
    const auto& word = arguments[0];
    if (iequals(word, "off")) settings.via = Via::off;
    else if (iequals(word, "on")) settings.via = Via::on;
    else if (iequals(word, "full")) settings.via = Via::full;
    else if (iequals(word, "block")) settings.via = Via::block;
    else return Error{"ProxyVia must be one of: off | on | full | block"};
    return {};
}

Status set_bad_line(ServerSettings& settings, Arguments arguments) {
    const auto& word = arguments[0];
    if (iequals(word, "IsError")) settings.bad_line = http::BadLine::refuse;
    else if (iequals(word, "Ignore")) settings.bad_line = http::BadLine::ignore;
    else if (iequals(word, "StartBody")) settings.bad_line = http::BadLine::begin_content;
    else return Error{"ProxyBadHeader must be one of: IsError | Ignore | StartBody"};
    return {};
}

Status set_receive_buffer(ServerSettings& settings, Arguments arguments) {
    const int size = leading_integer(arguments[0]);
    if (size < least_buffer && size != 0)
        return Error{"ProxyReceiveBufferSize must be >= 512 bytes, or 0 for system default."};
    settings.receive_buffer = size;
    return {};
}

// How much Apache reads at a time; here that is one size for all.
Status check_io_buffer(ServerSettings&, Arguments arguments) {
    const int size = leading_integer(arguments[0]);
    if (size < least_buffer && size != 0)
        return Error{"ProxyIOBufferSize must be >= 512 bytes, or 0 for system default."};
    return {};
}

Status set_max_forwards(ServerSettings& settings, Arguments arguments) {
    settings.max_forwards = leading_integer(arguments[0]);
    return {};
}

Status set_source(ServerSettings& settings, Arguments arguments) {
    const auto address = net::Address::parse(arguments[0], 0);
    if (!address) return Error{"ProxySourceAddress invalid value"};
    settings.source = *address;
    return {};
}

Status add_blocked(ServerSettings& settings, Arguments arguments) {
    settings.blocked.push_back(lower(arguments[0]));
    return {};
}

Status set_domain(ServerSettings& settings, Arguments arguments) {
    if (!arguments[0].starts_with('.'))
        return Error{"ProxyDomain: domain name must start with a dot."};
    settings.domain = arguments[0];
    return {};
}

Status check_status(ServerSettings&, Arguments arguments) {
    const auto& word = arguments[0];
    if (iequals(word, "off") || iequals(word, "on") || iequals(word, "full")) return {};
    return Error{"ProxyStatus must be one of: off | on | full"};
}

// The first word is On or Off; a status may follow, and another.
Status set_override(Settings& settings, Arguments arguments) {
    const auto& word = arguments[0];
    if (const auto on = parse_on_off(word)) {
        settings.overrides_errors = on;
        settings.overridden.reset();
        return {};
    }
    if (!settings.overrides_errors && !is_digit(word[0]))
        return Error{"ProxyErrorOverride first parameter must be one of: off | on"};
    if (!settings.overrides_errors.value_or(false))
        return Error{"ProxyErrorOverride: status codes must follow a value of 'on'"};
    const auto status = parse_decimal(word);
    if (!status) return Error{"ProxyErrorOverride: status codes to intercept must be numeric"};
    if (*status < 400 || *status >= 600)
        return Error{
            "ProxyErrorOverride: status codes to intercept must be valid HTTP Status Codes "
            ">=400 && <600"};
    if (!settings.overridden) settings.overridden.emplace();
    settings.overridden->set(static_cast<std::size_t>(*status));
    return {};
}

std::vector<config::Directive> of_servers() {
    using namespace config;
    constexpr unsigned servers = server_config | virtual_host;
    return {
        {"ProxyRequests", Shape::flag, servers, override_none,
         sets_flag<&ServerSettings::is_forward>,
         "on if the true proxy requests should be accepted"},
        {"ProxyBlock", Shape::each, servers, override_none, edits<add_blocked>,
         "A list of names, hosts or domains to which the proxy will not connect"},
        {"ProxyReceiveBufferSize", Shape::one, servers, override_none, edits<set_receive_buffer>,
         "Receive buffer size for outgoing HTTP and FTP connections in bytes"},
        {"ProxyIOBufferSize", Shape::one, servers, override_none, edits<check_io_buffer>,
         "IO buffer size for outgoing HTTP and FTP connections in bytes"},
        {"ProxyMaxForwards", Shape::one, servers, override_none, edits<set_max_forwards>,
         "The maximum number of proxies a request may be forwarded through."},
        {"ProxyDomain", Shape::one, servers, override_none, edits<set_domain>,
         "The default intranet domain name (in absence of a domain in the URL)"},
        {"ProxyVia", Shape::one, servers, override_none, edits<set_via>,
         "Configure Via: proxy header header to one of: on | off | block | full"},
        {"ProxyTimeout", Shape::one, servers, override_none, edits<set_timeout>,
         "Set the timeout (in seconds) for a proxied connection. This overrides the server "
         "timeout"},
        {"ProxyBadHeader", Shape::one, servers, override_none, edits<set_bad_line>,
         "How to handle bad header line in response: IsError | Ignore | StartBody"},
        {"ProxyStatus", Shape::one, servers, override_none, edits<check_status>,
         "Configure Status: proxy status to one of: on | off | full"},
        {"ProxySourceAddress", Shape::one, servers, override_none, edits<set_source>,
         "Configure local source IP used for request forward"},
    };
}

std::vector<config::Directive> of_paths() {
    using namespace config;
    constexpr unsigned everywhere = server_config | virtual_host | directory;
    return {
        {"ProxyErrorOverride", Shape::each, everywhere, override_none, edits<set_override>,
         "use our error handling pages instead of the servers' we are proxying"},
        {"ProxyPreserveHost", Shape::flag, everywhere, override_none,
         sets_flag<&Settings::preserves_host>,
         "on if we should preserve host header while proxying"},
        {"ProxyAddHeaders", Shape::flag, everywhere, override_none,
         sets_flag<&Settings::adds_fields>,
         "on if X-Forwarded-* headers should be added or completed"},
        {"Proxy100Continue", Shape::flag, everywhere, override_none,
         sets_flag<&Settings::forwards_expectation>,
         "on if 100-Continue should be forwarded to the origin server, off if the proxy should "
         "handle it by itself"},
    };
}

} // namespace

std::vector<config::Directive> setting_directives() {
    auto rows = of_servers();
    const auto more = of_paths();
    rows.insert(rows.end(), more.begin(), more.end());
    return rows;
}

} // namespace preforkd::proxy
