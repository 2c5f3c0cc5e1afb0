// A connection to somebody else's listener.
#pragma once

#include "base/result.h"
#include "net/address.h"
#include "os/deadline.h"
#include "os/unique_fd.h"

namespace preforkd::net {

// Waits for at most `patience`, then and later for each send and receive.
Result<UniqueFd> connect_to(const Address& address, Duration patience);

} // namespace preforkd::net
