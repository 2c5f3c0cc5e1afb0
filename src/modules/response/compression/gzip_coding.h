// The gzip format as a content coding (RFC 9110 §8.4.1.3).
#pragma once

#include "pipeline/request.h"

namespace preforkd {

bool is_gzip(std::string_view coding);

// Takes gzip off the codings that Content-Encoding names, where it was applied last; what says
// identity goes with it. False, and nothing changed, where it was not.
bool take_gzip(const Request& request, http::Fields& fields);

} // namespace preforkd
