// Where what happens in TLS is told; whoever makes a context knows the error log.
#pragma once

#include <functional>
#include <string_view>

#include "base/log.h"

namespace preforkd::net {

// `code` is an errno, or 0.
using TlsLog = std::function<void(log::Level level, std::string_view text, int code)>;

} // namespace preforkd::net
