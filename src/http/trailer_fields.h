// Trailer fields of chunked content (RFC 9110 §6.5): kept apart from those of the head, and merged
// into them only where the configuration says so and the field can do no harm there.
#pragma once

#include <cstddef>
#include <string_view>

#include "http/request_reader.h"

namespace preforkd::http {

// Whether a line of a trailer section is one that no two readers could read in two ways.
bool is_sound_field_line(std::string_view line);

// `lines` are a whole section with the empty line behind it. Fills head.trailers; false where a
// field is malformed. Requires: head.trailers is set.
bool take_trailers(std::string_view lines, const ContentTerms& terms, Arena& arena,
                   RequestHead& head);

} // namespace preforkd::http
