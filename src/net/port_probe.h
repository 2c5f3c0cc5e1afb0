// Whether an address could be listened on, without listening on it.
#pragma once

#include "base/result.h"
#include "net/address.h"

namespace preforkd::net {

// Fails with the errno of bind(). No client sees anything of it.
Status try_to_bind(const Address& address, bool ipv6_only);
// The same for "Listen 80": every address of both families, or of IPv4 where there is no IPv6.
Status try_to_bind_any_address(unsigned short port, bool ipv6_only);

} // namespace preforkd::net
