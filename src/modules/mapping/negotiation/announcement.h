// What a response tells of the variants that there are: Vary, TCN and Alternates (RFC 2295), and a
// page to choose from.
#pragma once

#include "modules/mapping/negotiation/variant.h"

namespace preforkd::negotiation {

struct Announcement {
    bool is_transparent = false; // GET, and every variant lies beside the request
    bool lists_alternates = false;
    bool chosen = false;
};
// For every outcome: also for errors that follow.
void announce(Request& request, const Variants& variants, const Announcement& announcement);

// "Available variants:" for 300 and 406.
std::string_view list_page(Arena& arena, const Variants& variants);

} // namespace preforkd::negotiation
