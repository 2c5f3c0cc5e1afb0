// A connection that was just accepted, before its first request.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "os/stream.h"
#include "pipeline/request.h"

namespace preforkd {

// Modules may put streams of their own on top of each other, the first next to the network
// (Apache: pre_connection, connection filters).
struct ConnectionOpening {
    ConnectionFacts& facts;
    Stream* stream;                                   // the topmost: requests come from it
    std::vector<std::unique_ptr<Stream>> layers = {}; // keeps what `stream` leads through
    bool is_over = false;                             // nothing to be served
    // The client does not speak what is spoken here: it gets this as the error page of a 400.
    std::string_view refusal = {};
};

} // namespace preforkd
