// The variables of mod_ssl: what they are called, and what they are for a request. A name is looked
// up while the configuration is read, where it is known then.
#pragma once

#include <string>
#include <string_view>

#include "net/tls_certificate.h"
#include "pipeline/request.h"

namespace preforkd::ssl {

// Whether SSLOptions StdEnvVars exports a variable.
enum class Exported : unsigned char { no, each_time, by_certificate };

// A variable whose name says all. What it reads lives as long as the request, or longer; "" where
// there is nothing to say.
struct ConnectionVariable {
    std::string_view name; // in capitals
    std::string_view (*read)(const Request&);
    Exported exported = Exported::no;
};
// Sorted by name. Those of requests (HTTP_HOST, REQUEST_URI, TIME…) stand beside them.
std::span<const ConnectionVariable> connection_variables();

// Any variable, ready to be read.
struct SslVariable {
    using Read = std::string_view (*)(const SslVariable&, const Request&);
    Read read;
    std::string_view (*plain)(const Request&) = nullptr; // where the name says all
    // Where it says which of many.
    unsigned place = 0; // _n
    bool raw = false;   // _RAW
    int component = 0;  // of a name: net::name_component
    net::AlternativeName kind = net::AlternativeName::email;
    std::string text = {}; // behind ENV: and HTTP:

    std::string_view of(const Request& request) const { return read(*this, request); }
};

// For any name, in any letter case; one that nobody knows is always "".
SslVariable find_ssl_variable(std::string_view name);
// For names that say which of many: SSL_CLIENT_S_DN_CN_0, SSL_SERVER_SAN_DNS_1, ENV:NAME…
SslVariable find_one_of_many(std::string_view name);

// The values of the client certificate's extensions with that identifier (PeerExtList).
std::vector<std::string> client_extensions(std::string_view identifier, const Request& request);

// How SSLOptions wants names of a certificate to be written.
net::NameFormat name_format_for(const Request& request);

} // namespace preforkd::ssl
