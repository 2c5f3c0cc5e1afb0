// The header of the PROXY protocol, with which a proxy introduces its client.
#pragma once

#include "pipeline/connection_opening.h"

namespace preforkd {

// Reads the header where one is due. A connection without it is over.
void read_introduction(ConnectionOpening& opening);

} // namespace preforkd
