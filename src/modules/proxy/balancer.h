// Several servers behind this one that do the same (Apache: a balancer).
#pragma once

#include <bitset>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "modules/proxy/worker.h"

namespace preforkd::proxy {

// By what they are chosen (Apache: lbmethod).
enum class Method : unsigned char { requests, traffic, busyness };

struct Balancer {
    std::string name; // "balancer://cluster"
    std::string path; // the last ProxyPass that leads here
    std::vector<std::unique_ptr<Worker>> members;

    Method method = Method::requests;
    std::string sticky_cookie, sticky_parameter; // stickysession=COOKIE|parameter; "" for none
    char route_separator = '.';                  // 0 for none
    bool splits_at_semicolon = false;            // scolonpathdelim
    bool never_fails_over = false;               // nofailover
    bool forces_recovery = true;
    std::optional<int> max_attempts;
    std::optional<Duration> timeout;
    std::bitset<1000> failing; // failonstatus
    bool fails_on_timeout = false;
};

// How many others are tried where one cannot be reached.
inline int attempts_of(const Balancer& balancer) {
    if (balancer.max_attempts) return *balancer.max_attempts;
    return balancer.members.empty() ? 0 : static_cast<int>(balancer.members.size()) - 1;
}

// Fails with the words that stand behind the directive's name.
Status set_parameter(Balancer& balancer, std::string_view key, const std::string& value);

} // namespace preforkd::proxy
