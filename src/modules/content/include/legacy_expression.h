// Conditions as Apache 2.2 had them (SSILegacyExprParser): $a = /re/ && !($b != 'x').
#pragma once

#include <string_view>

#include "base/result.h"
#include "modules/content/include/document.h"

namespace preforkd::ssi {

// Fails with what does not fit, for the error log.
Result<bool> legacy_condition_holds(Document& document, std::string_view text);

} // namespace preforkd::ssi
