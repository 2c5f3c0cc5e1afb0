// A request's content, taken from the connection before its handler asks for it.
#pragma once

#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd::ssl {

// Reads all of it, and lets request.content give it out from memory. Refuses what is larger
// (Apache: SSLRenegBufferSize), or malformed.
Verdict keep_content(Request& request, std::size_t most);

} // namespace preforkd::ssl
