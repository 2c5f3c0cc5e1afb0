// Giving up what a child must not have: the superuser's rights, and the power to outlive its
// control process.
#pragma once

#include "child/child_process.h"

namespace preforkd {

// Fails when the child must not go on.
Status drop_privileges(const ChildContext& context);

} // namespace preforkd
