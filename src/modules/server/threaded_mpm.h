// mpm_event and mpm_worker: their configuration is accepted, and their threads are not made.
#pragma once

#include <vector>

#include "config/directive.h"

namespace preforkd {

// ThreadsPerChild and its like, checked and then forgotten, and the rows of every MPM.
std::vector<config::Directive> threaded_mpm_directives();

} // namespace preforkd
