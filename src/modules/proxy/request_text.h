// The head of a request as another server gets it.
#pragma once

#include <string>
#include <string_view>

#include "modules/proxy/destination.h"

namespace preforkd::proxy {

// How the content that goes with it is framed.
struct ContentFraming {
    enum class Kind : unsigned char { none, length, chunked };
    Kind kind = Kind::none;
    std::uint64_t length = 0;
};

// RFC 9110 §7.6.1: what a client says to this server alone stays here.
std::string request_text(Request& request, const Destination& destination,
                         const ContentFraming& framing, std::string_view upgrade);

// Whether `name` is among the options of the Connection fields.
bool is_connection_option(const http::Fields& fields, std::string_view name);

} // namespace preforkd::proxy
