// The configuration as it was read, with the place of each line (-D DUMP_CONFIG).
#pragma once

#include <string>
#include <vector>

#include "config/syntax_tree.h"

namespace preforkd {

std::string configuration_text(const config::Nodes& tree);

} // namespace preforkd
