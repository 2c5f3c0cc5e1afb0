// What a client accepts: the fields Accept, Accept-Charset, Accept-Encoding and Accept-Language
// (RFC 9110 §12.5), read the way Apache's mod_negotiation reads them.
#pragma once

#include <memory_resource>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "http/request_head.h"

namespace preforkd::negotiation {

struct Acceptable {
    std::string_view name; // in lower case; "*", "*/*" and "text/*" are names
    float quality = 1;
};
using AcceptList = std::pmr::vector<Acceptable>;

std::string_view lower_case(std::string_view text, Arena& arena);

// "a;q=0.5, b". A quality that cannot be read is 1.
AcceptList parse_accept(std::string_view field, Arena& arena);

struct AcceptFields {
    AcceptFields(const http::RequestHead& head, Arena& arena);
    AcceptList types, charsets, encodings, languages;
    // A type came with a quality below 1: the client means what it says.
    bool types_are_weighed = false;
};

} // namespace preforkd::negotiation
