// MultiViews: the variants of a name that is no file are the files that begin with it.
#pragma once

#include "base/result.h"
#include "modules/mapping/negotiation/variant.h"
#include "pipeline/verdict.h"

namespace preforkd::negotiation {

struct Gathered {
    Verdict verdict = ok; // a refusal ends the request
    Variants variants;
    Request* map = nullptr; // a type map of that name: it counts instead
};
Gathered gather_variants(Request& request);

} // namespace preforkd::negotiation
