// Whether the client may have what it asks for: the order of the access phases.
#pragma once

#include "pipeline/phases.h"
#include "pipeline/request.h"

namespace preforkd {

Verdict authorize(Request& request, const Phases& phases);

// A proxy that the client has chosen has fields of its own for what follows, and leaves a server's
// alone (RFC 9110 §11.7).
bool asks_as_proxy(const Request& request);
// Who the client says it is, and how it is asked.
std::string_view credentials_of(const Request& request);
void ask_for_credentials(Request& request, std::string_view challenge);

} // namespace preforkd
