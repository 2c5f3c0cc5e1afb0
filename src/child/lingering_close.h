// Closing a connection on which the client may still be sending (RFC 9112 §9.6): to close at once
// would make its system throw away the response that it has not read yet.
#pragma once

#include "os/stream.h"

namespace preforkd {

// Says that nothing more comes, then reads and forgets until the client has closed too: at most two
// seconds without a byte, at most thirty in all. The caller closes.
void linger(Stream& stream);

} // namespace preforkd
