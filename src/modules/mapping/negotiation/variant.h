// One of the files that could answer a request, and how good it is for the client.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string_view>
#include <vector>

#include "pipeline/request.h"

namespace preforkd::negotiation {

struct Variant {
    std::string_view name; // of the file, relative to the folder of the request
    std::string_view type; // media type without parameters, in lower case
    std::string_view charset;
    std::string_view encoding;
    std::pmr::vector<std::string_view> languages;
    std::string_view description;         // in a type map
    std::optional<std::string_view> body; // in a type map that holds the content itself
    std::optional<std::uint64_t> length;  // of the content, where the map says it
    Request* found = nullptr;             // the subrequest that looked the file up

    // From 0 (of no use) to 1.
    float source_quality = 1;
    float type_quality = 1, charset_quality = 1, encoding_quality = 1, language_quality = 1;
    int language_place = -1; // in LanguagePriority; -1 for none
    // No wildcard was needed to find that the client accepts it.
    bool is_definite = true;
};

using Variants = std::pmr::vector<Variant>;

} // namespace preforkd::negotiation
