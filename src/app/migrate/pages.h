// Two pages of the documentation, as they were when this program was built.
#pragma once

#include <string_view>

namespace preforkd::migrate {

std::string_view differences_page(); // docs/differences.md
std::string_view deferred_page();    // docs/deferred.md

} // namespace preforkd::migrate
