// The one door from errno to Error.
#pragma once

#include <string_view>

#include "base/result.h"

namespace preforkd {

// "open /path: No such file or directory", with the errno of the call that just failed.
Error system_error(std::string_view call, std::string_view subject);

// Whether an errno says that the system has too little of something just now.
bool is_shortage(int code);

} // namespace preforkd
