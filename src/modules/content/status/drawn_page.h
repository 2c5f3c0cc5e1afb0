// The parts of ?page that never change.
#pragma once

#include <string_view>

namespace preforkd::status {

extern const std::string_view drawn_page_icon; // SVG, as a data: URL wants it
extern const std::string_view drawn_page_style;
extern const std::string_view drawn_page_script;

} // namespace preforkd::status
