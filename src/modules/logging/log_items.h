// What log directives append for an absent value, and other things they share.
#pragma once

#include <span>
#include <string_view>

#include "modules/logging/log_format.h"

namespace preforkd::logging {

// Values that are absent stand as "-".
inline void append_or_dash(LineBuffer& line, std::string_view text) {
    if (text.empty()) line.append('-');
    else line.append_escaped(text);
}

// All values of a field, joined as RFC 9110 §5.3 says. Answers whether there was one.
bool append_field(LineBuffer& line, const http::Fields& fields, const LogItem& item);

// Directives by what they tell of.
std::span<const LogDirective> request_log_directives();
std::span<const LogDirective> response_log_directives();
std::span<const LogDirective> connection_log_directives();
std::span<const LogDirective> byte_log_directives(); // mod_logio's
std::span<const LogDirective> tls_log_directives();  // mod_ssl's

} // namespace preforkd::logging
