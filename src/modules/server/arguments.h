// How Apache reads numbers and durations in directives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/directive.h"
#include "os/deadline.h"

namespace preforkd {

// The number at the beginning of `text`, and 0 where there is none: most of Apache's directives
// take "12 parsecs" for 12.
int leading_integer(std::string_view text);

// "5", "5s", "500ms", "2min", "1h"; a number alone is in seconds. As Apache reads them: only the
// first letters of a unit count, and a unit alone ("soon") is none of it. Nothing for anything
// else.
std::optional<Duration> parse_duration(std::string_view text);

// Bytes: "65536", "64K", "256M", "2G". Nothing for anything else.
std::optional<std::size_t> parse_size(std::string_view text);

// "weeks" → 604,800, for a period of ExpiresDefault or CookieExpires: the first letters of a unit
// are enough, and nobody looks at the rest. Nothing for a word that is none.
std::optional<std::int64_t> seconds_of_unit(std::string_view word);
// Takes a word, and the blanks before it, off `text`; empty at the end.
std::string_view take_word(std::string_view& text);

// "on" or "off" in any letter case.
std::optional<bool> parse_on_off(std::string_view text);

// Accepts the values that Apache accepts, for a setting that has no effect here.
Status accept_on_off(config::Invocation& invocation, config::Arguments arguments);

} // namespace preforkd
