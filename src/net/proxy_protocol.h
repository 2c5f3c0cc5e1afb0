// What a proxy says of its client before anything else, by the PROXY protocol of HAProxy (versions
// 1, a line, and 2, binary).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/address.h"

namespace preforkd::net {

struct ProxyHeader {
    enum class State : unsigned char {
        incomplete, // more is needed
        missing,    // something else was said
        malformed,  // there is a problem
        complete
    };
    State state = State::incomplete;
    std::size_t size = 0;               // of the header, once it is complete
    std::optional<Address> client = {}; // none where the proxy speaks for itself
    std::string client_ip = {};         // in the proxy's spelling, where that is a text
    std::string problem = {};           // in Apache's words
    int code = 0;                       // of log::Entry, behind the problem
};

// The longest header that is read.
constexpr std::size_t longest_proxy_header = 16 + 1024;

// `received` begins with it, as far as it has come.
ProxyHeader parse_proxy_header(std::string_view received);

} // namespace preforkd::net
