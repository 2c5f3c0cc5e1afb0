// The values of RequestReadTimeout: "20", "20-40,MinRate=500", "10,MinRate=500".
#pragma once

#include <string_view>

#include "base/result.h"
#include "pipeline/core_settings.h"

namespace preforkd {

// Fails with Apache's words for what is wrong.
Result<RequestReadTimeoutSettings::Stage> parse_read_timeout(std::string_view text);

} // namespace preforkd
