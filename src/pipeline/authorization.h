// Whether the client may have what it asks for: the order of the access phases.
#pragma once

#include "pipeline/phases.h"
#include "pipeline/request.h"

namespace preforkd {

Verdict authorize(Request& request, const Phases& phases);

// Who the client says it is, and how it is asked: a proxy that it has chosen has fields of its own
// for this, and leaves a server's alone (RFC 9110 §11.7).
std::string_view credentials_of(const Request& request);
void ask_for_credentials(Request& request, std::string_view challenge);

} // namespace preforkd
