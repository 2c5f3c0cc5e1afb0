// Whether a client's host lies in a domain (Require host, Allow from).
#pragma once

#include <string_view>

#include "pipeline/request.h"

namespace preforkd {

// "example.com" covers itself and "www.example.com", not "badexample.com".
bool is_in_domain(std::string_view host, std::string_view domain);

// The client's verified name, or "" when it has none. Asks the resolver.
std::string_view verified_client_host(const Request& request);

} // namespace preforkd
