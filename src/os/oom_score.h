// Who goes first when the system has run out of memory.
#pragma once

namespace preforkd {

// This process is to be chosen before its parent, which has the same score until now. Where the
// kernel does not let us say so, nothing changes.
void be_chosen_before_parent_when_out_of_memory();

} // namespace preforkd
