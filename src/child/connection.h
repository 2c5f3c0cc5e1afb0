// Serves the requests of one connection after another, as long as its child lives.
#pragma once

#include "base/arena.h"
#include "config/configuration.h"
#include "http/request_reader.h"
#include "http/response_writer.h"
#include "os/stream.h"
#include "pipeline/request.h"
#include "pipeline/request_processor.h"
#include "pipeline/wire_responder.h"
#include "pool/scoreboard.h"

namespace preforkd {

// What a child's connections have in common. All of it outlives them.
struct ConnectionContext {
    const config::Configuration& configuration;
    const config::HostIndex& hosts;
    pool::Slot& slot;
    int slot_number;
    bool (*leaving)(); // whether the child was asked to leave: the request at hand is the last
};

// Whether the close must linger (RFC 9112 §9.6): the client may still be sending.
enum class Farewell : unsigned char { close_now, linger };

class ConnectionServer {
  public:
    explicit ConnectionServer(const ConnectionContext& context);

    // Serves every request of a connection and answers how it is to be closed.
    Farewell serve(Stream& network, const net::Address& client, const net::Address& local);

  private:
    class Conversation;

    Farewell serve(Stream& network, ConnectionFacts& facts);

    // Kept from one connection to the next, so that a new one finds its memory ready.
    ConnectionContext context_;
    RequestProcessor processor_;
    http::RequestReader reader_;
    http::ResponseWriter writer_;
    WireResponder responder_;
    Arena arena_; // of the request at hand
};

} // namespace preforkd
