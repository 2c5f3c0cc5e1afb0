// TLS sessions that a client may resume with any child, found by their id: those of TLS 1.2, and of
// 1.3 where there are no tickets (Apache: SSLSessionCache).
#pragma once

#include "net/shared_cache.h"

struct ssl_ctx_st;

namespace preforkd::net {

// Requires: the cache outlives the context.
void share_sessions(ssl_ctx_st* context, SharedCache& cache);
// Sessions get an id, and nobody keeps them: for clients that insist on one (Apache: nonenotnull).
void number_sessions(ssl_ctx_st* context);

} // namespace preforkd::net
