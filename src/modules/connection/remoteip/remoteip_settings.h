// What the directives of mod_remoteip say.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/configuration.h"
#include "config/settings.h"
#include "net/address.h"

namespace preforkd {

// Proxies that are believed. An internal one may speak for private addresses, too.
struct TrustedProxy {
    net::AddressRange range;
    bool is_internal = false;
};

struct RemoteIpSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const RemoteIpSettings& outer) {
        config::inherit(field, outer.field);
        config::inherit(proxies_field, outer.proxies_field);
        proxies.insert(proxies.begin(), outer.proxies.begin(), outer.proxies.end());
    }
    std::optional<std::string> field;         // RemoteIPHeader
    std::optional<std::string> proxies_field; // RemoteIPProxiesHeader
    std::vector<TrustedProxy> proxies;        // none: every client is believed

    // A connection has no host yet: what any of them says here is gathered in the main server's.
    std::optional<bool> expects_header;        // RemoteIPProxyProtocol
    std::vector<net::AddressRange> exceptions; // RemoteIPProxyProtocolExceptions
    struct Listening {
        config::HostAddress address;
        bool expects_header = false;
        const config::Server* said_by = nullptr;
    };
    std::vector<Listening> listening; // the last one first
};

} // namespace preforkd
