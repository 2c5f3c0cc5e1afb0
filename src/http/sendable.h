// What may stand in the head of a response: a line end in a field would begin another one, of
// somebody else's making (RFC 9110 §5.5).
#pragma once

#include "http/response_writer.h"

namespace preforkd::http {

// No control character but the tab.
bool is_sendable(std::string_view value);

// The first field of a head whose name is none, or whose value is not sendable; nullptr where all
// is well.
const Field* find_unsendable(const ResponseHead& head);

} // namespace preforkd::http
