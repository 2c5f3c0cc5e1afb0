// What a client shows of itself, for the request that it sent and for all that this leads to.
#pragma once

#include <optional>

#include "modules/access/auth_digest/digest_field.h"
#include "modules/access/auth_digest/nonce.h"
#include "pipeline/request.h"

namespace preforkd::auth_digest {

// What the client sent, of a redirect or subrequest that it led to.
Request& sent_by_client(Request& request);

// The Authorization field as far as it can be read; nothing for none, and for another scheme's.
std::optional<DigestField> shown_field(const Request& request);
// Whether all is there, with a nonce that looks like one of ours.
bool can_be_checked(const DigestField& field);

// Whose nonce it must be that stands in the field.
NonceOwner owner_of(Request& request, const DigestField& field);

} // namespace preforkd::auth_digest
