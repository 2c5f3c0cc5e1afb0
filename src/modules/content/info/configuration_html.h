// The configuration as it was read, as a list of lines with their places.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "config/syntax_tree.h"

namespace preforkd {

// The lines that are wanted, and the sections around them: elements of a <dl>.
std::string configuration_html(const config::Nodes& tree,
                               const std::function<bool(const config::Node&)>& is_wanted);

} // namespace preforkd
