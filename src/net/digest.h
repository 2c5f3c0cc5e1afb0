// Digests that old formats ask for. For nothing new: both are broken.
#pragma once

#include <array>
#include <string_view>

namespace preforkd::net {

std::array<unsigned char, 16> md5(std::string_view text);
std::array<unsigned char, 20> sha1(std::string_view text);

// Takes a time that tells nothing of where they differ.
bool are_equal(std::string_view a, std::string_view b);

} // namespace preforkd::net
