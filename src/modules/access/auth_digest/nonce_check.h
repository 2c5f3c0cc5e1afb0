// Whether the nonce of an answer is good, and good still.
#pragma once

#include "modules/access/auth_digest/digest_field.h"
#include "pipeline/request.h"

namespace preforkd::auth_digest {

enum class NonceState { good, stale, wrong };

// For an answer whose password is right. Says in the log what is wrong, and notes the use of the
// nonce where clients are kept track of; once for a request of the client, wherever it leads.
NonceState check_nonce(Request& request, const DigestField& field);

} // namespace preforkd::auth_digest
