// Which connections begin with the header of the PROXY protocol. It is a matter of addresses and
// not of hosts: what several hosts say of an address counts for all of them.
#pragma once

#include "base/result.h"
#include "config/configuration.h"
#include "pipeline/request.h"

namespace preforkd {

// Before children are forked.
Status choose_introductions(config::Configuration& configuration);

// In a child, before its first connection.
void note_introductions(const config::Configuration& configuration);

bool expects_introduction(const ConnectionFacts& facts);

} // namespace preforkd
