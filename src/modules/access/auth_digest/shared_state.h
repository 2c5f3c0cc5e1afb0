// What all children have in common to answer challenges: the secret of nonces, and the clients.
#pragma once

#include "config/configuration.h"
#include "modules/access/auth_digest/client_table.h"

namespace preforkd::auth_digest {

// Run by the control process at a start and at each reload. A table stays as long as its size is
// what the configuration says, or a reload would open the way to repeat what was sent before it. A
// new table numbers clients from 1 again; so it comes with a new secret, and no nonce of the old
// numbers is good. The old one is not given up: the reload may fail yet.
Status share_state(config::Configuration& configuration);

// In a child: the table and the secret of its configuration are those that count.
void use_state(const config::Configuration& configuration);

// Requires: use_state() ran.
ClientTable& clients();

} // namespace preforkd::auth_digest
