#include "modules/proxy/sticky_session.h"

#include "base/text.h"

namespace preforkd::proxy {

namespace {

// "…;NAME=value" or "…?NAME=value&…".
std::string_view value_in_url(std::string_view url, std::string_view name, bool splits) {
    for (auto at = url.find(name); at != std::string_view::npos; at = url.find(name, at + 1)) {
        if (at == 0 || std::string_view("?&;").find(url[at - 1]) == std::string_view::npos)
            continue;
        auto rest = url.substr(at + name.size());
        if (!rest.starts_with('=')) continue;
        rest.remove_prefix(1);
        return rest.substr(0, rest.find_first_of(splits ? "&?;" : "&?"));
    }
    return {};
}

std::string_view value_in_cookies(const Request& request, std::string_view name) {
    for (const auto& field : request.head.fields) {
        if (field.id != http::FieldId::cookie) continue;
        for (std::string_view rest = field.value; !rest.empty();) {
            const auto end = std::min(rest.find_first_of(";,"), rest.size());
            const auto pair = trim(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
            if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
                return pair.substr(name.size() + 1);
        }
    }
    return {};
}

} // namespace

Session find_session(const Request& request, const Balancer& balancer, std::string_view url) {
    if (balancer.sticky_cookie.empty()) return {};
    Session found{value_in_url(url, balancer.sticky_parameter, balancer.splits_at_semicolon),
                  balancer.sticky_parameter};
    if (found.route.empty())
        found = {value_in_cookies(request, balancer.sticky_cookie), balancer.sticky_cookie};
    if (balancer.route_separator == 0) return found;
    const auto separator = found.route.find(balancer.route_separator);
    if (separator == std::string_view::npos) return {};
    found.route.remove_prefix(separator + 1);
    return found;
}

} // namespace preforkd::proxy
