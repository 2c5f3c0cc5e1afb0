// How the server calls itself to a client: in redirects and on its own pages.
#pragma once

#include <string_view>

#include "pipeline/request.h"

namespace preforkd {

// "https" or "http", and its port where nothing else is said.
std::string_view scheme_of(const Request& request);
unsigned short usual_port(const Request& request);
// Apache: UseCanonicalName.
std::string_view server_name_for(const Request& request);
// "::1" of "[::1]", as pages and logs have it; any other name as it is.
std::string_view without_brackets(std::string_view host);
unsigned short server_port_for(const Request& request);
// "http://host:port" + path, for a Location field.
std::string_view absolute_url(const Request& request, std::string_view path);

// `prefix` and "<address>Apache/2.4… Server at host Port 80</address>\n", or nothing (Apache:
// ServerSignature).
std::string_view signature(const Request& request, std::string_view prefix);

} // namespace preforkd
