// What a client asks of a listing: ?C=N;O=D;F=2;V=1;P=*.txt
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/arena.h"

namespace preforkd {

struct IndexQuery {
    char key = 'N';                     // C: by 'N'ame, 'M'odification, 'S'ize or 'D'escription
    char direction = 'A';               // O: 'A'scending or 'D'escending
    unsigned options = 0;               // F and V change them
    std::optional<std::string> pattern; // P
    std::string kept;                   // what the links to other orders repeat: ";F=2;V=1;P=*.txt"
};

// Applies the arguments of `query` to what holds without it, up to the first that is wrong.
void apply_query(IndexQuery& asked, std::string_view query, Arena& arena);

} // namespace preforkd
