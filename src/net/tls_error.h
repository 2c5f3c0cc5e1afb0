// What OpenSSL says of a failure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace preforkd::net {

// Empties OpenSSL's list of errors, a line each, the first cause first: "SSL Library Error:
// error:0A000086:SSL routines::certificate verify failed". Empty where it has nothing to say.
std::string take_tls_errors();

// `what`, and below it OpenSSL's errors.
Error tls_error(std::string_view what);

} // namespace preforkd::net
