// key=value of ProxyPass, ProxySet and <Proxy> for a balancer.
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "modules/proxy/balancer.h"
#include "modules/server/arguments.h"

namespace preforkd::proxy {

namespace {

Status set_sticky_session(Balancer& balancer, const std::string& value) {
    const auto bar = value.find('|');
    balancer.sticky_cookie = value.substr(0, bar);
    balancer.sticky_parameter = bar == value.npos ? value : value.substr(bar + 1);
    return {};
}

Status set_separator(Balancer& balancer, const std::string& value) {
    if (iequals(value, "off")) balancer.route_separator = 0;
    else if (value.size() == 1) balancer.route_separator = value[0];
    else return Error{"stickysessionsep must be a single character or Off"};
    return {};
}

template <bool Balancer::*field>
Status set_flag(Balancer& balancer, std::string_view name, const std::string& value) {
    const auto on = parse_on_off(value);
    if (!on) return Error{fmt::format("{} must be On|Off", name)};
    balancer.*field = *on;
    return {};
}

Status set_semicolon(Balancer& balancer, const std::string& value) {
    return set_flag<&Balancer::splits_at_semicolon>(balancer, "scolonpathdelim", value);
}
Status set_failover(Balancer& balancer, const std::string& value) {
    return set_flag<&Balancer::never_fails_over>(balancer, "failover", value);
}
Status set_timeout_failure(Balancer& balancer, const std::string& value) {
    return set_flag<&Balancer::fails_on_timeout>(balancer, "failontimeout", value);
}
Status set_recovery(Balancer& balancer, const std::string& value) {
    return set_flag<&Balancer::forces_recovery>(balancer, "forcerecovery", value);
}

Status set_timeout(Balancer& balancer, const std::string& value) {
    const int seconds = leading_integer(value);
    if (seconds < 1) return Error{"timeout must be at least one second"};
    balancer.timeout = std::chrono::seconds(seconds);
    return {};
}

Status set_attempts(Balancer& balancer, const std::string& value) {
    const int count = leading_integer(value);
    if (count < 0) return Error{"maximum number of attempts must be a positive number"};
    balancer.max_attempts = count;
    return {};
}

Status set_method(Balancer& balancer, const std::string& value) {
    if (iequals(value, "byrequests")) balancer.method = Method::requests;
    else if (iequals(value, "bytraffic")) balancer.method = Method::traffic;
    else if (iequals(value, "bybusyness")) balancer.method = Method::busyness;
    else return Error{"unknown lbmethod"};
    return {};
}

Status set_failing(Balancer& balancer, const std::string& value) {
    balancer.failing.reset();
    for (const auto word : split(value, ',')) {
        const int status = leading_integer(word);
        if (status < 100 || status > 999)
            return Error{"failonstatus must be one or more HTTP response codes"};
        balancer.failing.set(static_cast<std::size_t>(status));
    }
    return {};
}

Status check_growth(Balancer&, const std::string& value) {
    const int growth = leading_integer(value);
    if (growth < 1 || growth > 100) return Error{"growth must be between 1 and 100"};
    return {};
}

Status accept(Balancer&, const std::string&) { return {}; }

struct Parameter {
    std::string_view key;
    Status (*set)(Balancer&, const std::string&);
};

constexpr std::array parameters{
    Parameter{"stickysession", set_sticky_session},
    Parameter{"stickysessionsep", set_separator},
    Parameter{"nofailover", set_failover},
    Parameter{"timeout", set_timeout},
    Parameter{"maxattempts", set_attempts},
    Parameter{"lbmethod", set_method},
    Parameter{"scolonpathdelim", set_semicolon},
    Parameter{"failonstatus", set_failing},
    Parameter{"failontimeout", set_timeout_failure},
    Parameter{"nonce", accept}, // of the manager's forms, which are read-only here
    Parameter{"growth", check_growth},
    Parameter{"forcerecovery", set_recovery},
};

} // namespace

Status set_parameter(Balancer& balancer, std::string_view key, const std::string& value) {
    for (const auto& parameter : parameters)
        if (iequals(parameter.key, key)) return parameter.set(balancer, value);
    return Error{"unknown Balancer parameter"};
}

} // namespace preforkd::proxy
