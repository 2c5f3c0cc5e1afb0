// Answers a request that was refused: by its ErrorDocument or Apache's own page (Apache: ap_die).
#pragma once

#include "pipeline/request.h"

namespace preforkd {

void answer_with_error(Request& request, int status, Responder& responder);

} // namespace preforkd
