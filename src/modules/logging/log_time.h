// The times of a log line: %t and %{…}t.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "modules/logging/line_buffer.h"

namespace preforkd::logging {

// What %{format}t asks for.
struct TimeFormat {
    enum class Kind : unsigned char {
        common,  // [18/Sep/2011:19:18:28 -0400]
        seconds, // since 1970
        milliseconds,
        microseconds,
        millisecond_fraction, // of the second
        microsecond_fraction,
        pattern, // strftime's
    };
    Kind kind = Kind::common;
    bool at_end = false; // when the line is written, not when the request came
    std::string pattern;
};

TimeFormat parse_time_format(std::string_view argument);

// `when` in microseconds since 1970. What depends on the second alone is made once a second.
void append_time(LineBuffer& line, const TimeFormat& format, std::int64_t when);

} // namespace preforkd::logging
