// Whether a client's host lies in a domain (Require host, Allow from).
#pragma once

#include <string_view>

#include "pipeline/request.h"

namespace preforkd {

// "example.com" covers itself and "www.example.com", not "badexample.com".
bool is_in_domain(std::string_view host, std::string_view domain);

// Whether a word is meant as an address or a range of them: digits and dots, or with a colon.
bool looks_like_address(std::string_view word);
// What is wrong with a word that is no range of addresses, in Apache's words; "" when it does not
// even look like one.
std::string_view fault_of_range(std::string_view word);

// The client's verified name, or "" when it has none. Asks the resolver.
std::string_view verified_client_host(const Request& request);

} // namespace preforkd
