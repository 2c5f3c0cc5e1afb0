// What another server answered, made this server's response.
#pragma once

#include "http/received_head.h"
#include "pipeline/request.h"

namespace preforkd::proxy {

// Status and fields, without what the other server says to this one alone (RFC 9110 §7.6.1), and
// with its own names turned into this one's (ProxyPassReverse).
void shape_response(Request& request, const http::ReceivedHead& head);

// Whether a page of this server's stands in for the content (ProxyErrorOverride).
bool overrides(const Request& request, int status);

// What goes with that page all the same: without a challenge no browser asks for a password.
void keep_of_overridden(Request& request, const http::ReceivedHead& head);

// A URL of the other server as the client is to know it.
std::string_view reversed_url(Request& request, std::string_view url);

} // namespace preforkd::proxy
