// The URL of a server behind this one: "http://host:port/path", and
// "unix:/path/of.sock|http://host/path".
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace preforkd::proxy {

enum class Scheme : unsigned char { http, https, fcgi, ws, wss, balancer, other };

struct BackendUrl {
    Scheme scheme = Scheme::other;
    std::string scheme_name;
    std::string host; // without the brackets of an IPv6 address
    unsigned short port = 0;
    std::string host_field; // what Host says: without the scheme's usual port
    std::string path;       // with its slash, and the query; "" for none
    std::string socket;     // of a Unix domain socket; "" for none
    // A pattern's group stands in the host or port, which a request alone can tell.
    bool varies = false;

    // "127.0.0.1:8080", for the log.
    std::string authority() const { return host + ":" + std::to_string(port); }
};

// Fails with Apache's words for it; as if nobody knew the name where the port is no number.
Result<BackendUrl> parse_backend_url(std::string_view url);
Scheme identify_scheme(std::string_view name);
unsigned short usual_port(Scheme scheme);

// Where the path begins, behind scheme and host; the end where there is none.
std::size_t path_begin(std::string_view url);
// The path and the query; "" for none.
inline std::string_view path_of(std::string_view url) { return url.substr(path_begin(url)); }
// What follows "unix:…|", or the whole URL.
std::string_view without_socket(std::string_view url);

} // namespace preforkd::proxy
