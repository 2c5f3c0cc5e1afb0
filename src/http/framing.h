// How a request's content is delimited, and the fields that could make two readers disagree on it.
#pragma once

#include <optional>

#include "http/request_head.h"

namespace preforkd::http {

// Reads Content-Length and Transfer-Encoding into `head` (RFC 9112 §6) and checks Host and Expect,
// which must be beyond doubt. Answers what is wrong, if something is.
std::optional<MalformedRequest> determine_framing(RequestHead& head);

} // namespace preforkd::http
