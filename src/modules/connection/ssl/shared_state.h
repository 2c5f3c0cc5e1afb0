// What all children know of TLS: sessions, the keys of tickets, what responders said. The control
// process makes it before it forks, and keeps it from one configuration to the next.
#pragma once

#include <memory>
#include <optional>

#include "base/result.h"
#include "config/configuration.h"
#include "net/shared_cache.h"
#include "net/tls_context.h"
#include "net/tls_stapling.h"
#include "net/tls_ticket_keys.h"

namespace preforkd::ssl {

struct SharedState {
    std::shared_ptr<net::SharedCache> sessions; // nullptr for none
    std::shared_ptr<net::SharedCache> staples;
    bool numbers_sessions = false;                   // without one
    std::shared_ptr<net::TlsTicketKeys> ticket_keys; // of hosts without a file

    // Makes what the configuration wants and is not there yet, or has another size.
    Status follow(const config::Configuration& configuration);
};

// The part of it that a host's connections use.
struct HostShare {
    std::shared_ptr<net::SharedCache> sessions, staples;
    std::shared_ptr<net::TlsTicketKeys> ticket_keys;
    std::unique_ptr<net::TlsStapling> stapling;
};

// Connects a host's context to it; what the answer holds outlives the context. Fails with lines for
// the error log.
Result<std::shared_ptr<HostShare>>
share_with(const config::Server& server, const net::TlsContext& context, const SharedState& state);

// Of this process; for the ssl module, and for the status page.
SharedState& shared_state();

} // namespace preforkd::ssl
