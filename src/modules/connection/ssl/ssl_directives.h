// The directives of mod_ssl, in groups by what they are about.
#pragma once

#include <vector>

#include "config/configuration.h"
#include "config/directive.h"
#include "modules/connection/ssl/ssl_settings.h"

namespace preforkd::ssl {

// All of them.
std::vector<config::Directive> ssl_directives();

using Rows = std::vector<config::Directive>;
Rows process_rows();      // of the main server: pass phrases, random numbers, FIPS…
Rows handshake_rows();    // what is offered to a client: versions, ciphers, tickets…
Rows certificate_rows();  // whom the server says it is
Rows verification_rows(); // whom a client has to be
Rows cache_rows();        // sessions, and stapled answers
Rows access_rows();       // in sections: options, and what a request needs
Rows responder_rows();    // asking OCSP responders about a client's certificate
Rows proxy_rows();        // for requests that a proxy makes

// What most rows have in common.
constexpr unsigned in_servers = config::server_config | config::virtual_host;

constexpr config::Directive server_row(std::string_view name, config::Shape shape,
                                       config::Apply apply, std::string_view usage) {
    return {name, shape, in_servers, config::override_none, apply, usage};
}

// For a directive that may stand anywhere: changes what the host says to all its clients outside
// sections, and what a section says within one.
template <class Change>
void edit_where_it_stands(config::Invocation& invocation, Change change) {
    if ((invocation.context & in_servers) != 0)
        change(invocation.server.server_settings.edit<SslServerSettings>());
    else change(invocation.settings.edit<SslDirectorySettings>());
}

// "SSLVerifyDepth: Invalid argument 'x'"
Error invalid_argument(const config::Invocation& invocation, std::string_view argument);

} // namespace preforkd::ssl
