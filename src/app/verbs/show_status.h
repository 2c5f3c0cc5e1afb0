// preforkctl status and fullstatus: what the status page says, or else the process table.
#pragma once

#include "app/complete_configuration.h"

namespace preforkd {

// Exit statuses as the Linux Standard Base has them: 0 running, 3 not.
int show_status(const config::Configuration& configuration, bool every_child);

} // namespace preforkd
