// What a check of the system found: a warning with its figures, and its mend.
#pragma once

#include <string>
#include <vector>

namespace preforkd {

struct Finding {
    std::string text;
    std::string mend; // what to do about it
};

using Findings = std::vector<Finding>;

} // namespace preforkd
