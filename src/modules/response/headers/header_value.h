// The value of a Header or RequestHeader directive: text, and what is known when it is sent.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "modules/connection/ssl/ssl_variables.h"
#include "pipeline/request.h"

namespace preforkd::headers {

// A piece of a value: text as it stands, or something that is known when it is sent.
struct ValuePart {
    char kind = 0;                                     // 0 for text; else the letter behind the %
    std::string text;                                  // or the name in %{name}e
    std::optional<ssl::SslVariable> ssl_variable = {}; // of %{name}s
};

using Value = std::vector<ValuePart>;

// Fails with a sentence about what follows the %. Without mod_ssl %{name}s knows nothing.
Result<Value> parse_value(std::string_view text, bool has_ssl);

// In the request's arena, or a view of the value itself.
std::string_view text_of(const Value& value, Request& request);

} // namespace preforkd::headers
