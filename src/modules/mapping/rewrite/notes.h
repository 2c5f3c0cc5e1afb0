// What mod_rewrite remembers of a request from one phase to the next.
#pragma once

#include "pipeline/request.h"

namespace preforkd::rewrite {

struct Notes {
    std::string_view forced_type;    // [T]
    std::string_view forced_handler; // [H]
    std::string_view target;         // where the handler redirects to
};

// Those of the request, made in its arena where there are none.
Notes& notes_of(Request& request);

} // namespace preforkd::rewrite
