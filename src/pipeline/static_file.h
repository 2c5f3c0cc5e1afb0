// The handler for everything that no module takes: sends the file (Apache: default_handler).
#pragma once

#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd {

Verdict serve_static_file(Request& request, Responder& responder);

// Sets Last-Modified and ETag by what FileETag says of a file.
void set_validators(Request& request, const struct stat& status);

// Answers the status that the request's conditions ask for instead of the content, or 0.
int check_conditions(const Request& request, const struct stat& status);

} // namespace preforkd
