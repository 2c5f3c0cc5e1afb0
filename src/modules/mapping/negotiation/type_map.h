// A type map: a file that lists variants, each as lines "Name: value" up to an empty one.
#pragma once

#include <string>

#include "base/result.h"
#include "modules/mapping/negotiation/variant.h"

namespace preforkd::negotiation {

struct TypeMap {
    Variants variants;
    std::string fault; // why what follows the variants was not read; empty where all was
};
// `text` lives as long as the variants. Fails with a sentence for the log, about the file `path`.
Result<TypeMap> parse_type_map(std::string_view text, std::string_view path, Arena& arena);

} // namespace preforkd::negotiation
