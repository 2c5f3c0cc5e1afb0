// The header of the PROXY protocol, with which a proxy introduces its client.
#pragma once

#include "base/result.h"
#include "config/configuration.h"
#include "pipeline/connection_opening.h"

namespace preforkd {

// Before children are forked: what counts for which address. The protocol is a connection's, not a
// host's: of several hosts at an address the last one that says something counts for all.
Status choose_introductions(config::Configuration& configuration);

// In a child, before its first connection.
void note_introductions(const config::Configuration& configuration);

// Reads the header where one is due. A connection without it is over.
void read_introduction(ConnectionOpening& opening);

} // namespace preforkd
