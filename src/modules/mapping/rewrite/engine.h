// Applies rules to a request, one after the other (Apache: apply_rewrite_list).
#pragma once

#include <string_view>

#include "modules/mapping/rewrite/rewrite_settings.h"
#include "pipeline/request.h"

namespace preforkd::rewrite {

struct Rewriting {
    bool changed = false; // request.filename and its query say where to
    int status = 0;       // of a redirect that a rule asked for
    int ended = 0;        // the status that ends the request
    bool no_escape = false;
    bool passes_through = false;
    bool proxy = false;
    bool reduced = false;       // a URL of this server became a path
    const Rule* last = nullptr; // that gave request.filename its value
};

// `directory` is where the rules stand, with a slash at the end; empty for those of a server.
// request.filename is what they see, and change.
Rewriting apply_rules(Request& request, const Entries<Rule>& rules, std::string_view directory);

// Where the part behind "scheme://" begins, or 0: "http://", "ldap://", "mailto:"…
std::size_t scheme_length(std::string_view url);

} // namespace preforkd::rewrite
