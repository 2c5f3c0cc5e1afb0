#include "modules/access/client_host.h"

#include "base/text.h"
#include "net/address.h"
#include "net/client_names.h"

namespace preforkd {

bool is_in_domain(std::string_view host, std::string_view domain) {
    if (domain.empty() || !iends_with(host, domain)) return false;
    if (host.size() == domain.size() || domain.front() == '.') return true;
    return host[host.size() - domain.size() - 1] == '.';
}

bool looks_like_address(std::string_view word) {
    if (word.empty()) return false;
    return word.find(':') != word.npos || word.find_first_not_of("0123456789.") == word.npos;
}

std::string_view fault_of_range(std::string_view word) {
    const auto slash = word.find('/');
    const auto address = word.substr(0, slash);
    if (!looks_like_address(address)) return {};
    // Before a mask stands a whole address.
    const bool is_whole = net::Address::parse(address, 0) && net::AddressRange::parse(address);
    if (slash == word.npos || !is_whole) return "The specified IP address is invalid.";
    return "The specified network mask is invalid.";
}

std::string_view verified_client_host(const Request& request) {
    const auto name = net::verified_name_of(request.client.address);
    return name ? request.arena.copy(*name) : std::string_view();
}

} // namespace preforkd
