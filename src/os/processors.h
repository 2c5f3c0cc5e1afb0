// The processors of the machine.
#pragma once

namespace preforkd {

// At least 1.
int processors_online();

} // namespace preforkd
