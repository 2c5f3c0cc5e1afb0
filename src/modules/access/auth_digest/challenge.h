// Asking a client for a digest, and telling it the next nonce.
#pragma once

#include <string>

#include "modules/access/auth_digest/digest_field.h"
#include "pipeline/request.h"

namespace preforkd::auth_digest {

// Adds a WWW-Authenticate field with a new nonce. `stale`: the password was right, or would not
// matter. False where a client would have to be kept track of, and cannot be.
bool challenge(Request& request, bool stale);

// For a client that was let in: the nonce to use from now on. "" where it may stay with its own.
std::string next_nonce(Request& request, const DigestField& field);

} // namespace preforkd::auth_digest
