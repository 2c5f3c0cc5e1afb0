// How much a name that was asked for is like one that is there.
#pragma once

#include <string_view>

namespace preforkd {

// The best first.
enum class Likeness : unsigned char {
    identical,
    miscapitalized,
    transposed,        // two letters changed places
    character_missing, // in what was asked for
    extra_character,
    mistyped,
    common_basename, // up to a dot
    none,
};

// Letters count in either case.
Likeness likeness(std::string_view asked, std::string_view present);
// Whether what stands before the first dot of what was asked for, and a dot, begins the other name.
bool has_basename_of(std::string_view asked, std::string_view present);
// "transposed characters", as Apache's page says it.
std::string_view describe(Likeness likeness);

} // namespace preforkd
