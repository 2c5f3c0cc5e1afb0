#include "modules/access/client_host.h"

#include "base/text.h"
#include "net/client_names.h"

namespace preforkd {

bool is_in_domain(std::string_view host, std::string_view domain) {
    if (domain.empty() || !iends_with(host, domain)) return false;
    if (host.size() == domain.size() || domain.front() == '.') return true;
    return host[host.size() - domain.size() - 1] == '.';
}

std::string_view verified_client_host(const Request& request) {
    const auto name = net::verified_name_of(request.connection.client);
    return name ? request.arena.copy(*name) : std::string_view();
}

} // namespace preforkd
