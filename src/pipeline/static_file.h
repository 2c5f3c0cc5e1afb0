// The handler for everything that no module takes: sends the file (Apache: default_handler).
#pragma once

#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd {

Verdict serve_static_file(Request& request, Responder& responder);

} // namespace preforkd
