// Base64 (RFC 4648 §4), as the Authorization field has it.
#pragma once

#include <string>
#include <string_view>

namespace preforkd {

std::string base64(std::string_view bytes);
// What stands before the first character that is none of the alphabet's, padding included.
std::string decode_base64(std::string_view text);

} // namespace preforkd
