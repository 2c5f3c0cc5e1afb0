// The first line of a request (RFC 9112 §3).
#pragma once

#include <optional>
#include <string_view>

#include "http/request_head.h"

namespace preforkd::http {

// Fills method, target and version as far as the line is good; its views are views into `line`.
// Answers what is wrong, if something is.
std::optional<MalformedRequest> parse_request_line(std::string_view line, const Limits& limits,
                                                   RequestHead& head);

// The method of that name, which counts letter case (RFC 9110 §9.1), or `other`.
Method identify_method(std::string_view name, const Limits& limits);

// Whether `text` is a token (RFC 9110 §5.6.2).
bool is_token(std::string_view text);

} // namespace preforkd::http
