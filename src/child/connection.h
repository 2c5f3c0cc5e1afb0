// One connection, from its first byte to its last.
#pragma once

#include <functional>

#include "config/configuration.h"
#include "net/listener.h"
#include "os/stream.h"
#include "pool/scoreboard.h"

namespace preforkd {

// Serves every request of a connection and answers when it may be closed. `leaving` says whether
// this child was asked to leave: then the request at hand is the last.
struct ConnectionContext {
    const config::Configuration& configuration;
    const config::HostIndex& hosts;
    pool::Slot& slot;
    int slot_number;
    bool (*leaving)();
};

// Answers whether the close must linger (RFC 9112 §9.6): the client may still be sending.
enum class Farewell : unsigned char { close_now, linger };
Farewell serve_connection(Stream& stream, const net::Address& client, const net::Address& local,
                          const ConnectionContext& context);

} // namespace preforkd
