// Fields that end with the connection they came on.
#pragma once

#include "http/fields.h"

namespace preforkd::proxy {

/// Whether a field speaks of one connection and is never passed on (RFC 9110 §7.6.1).
inline bool is_of_connection(http::FieldId id) {
    using enum http::FieldId;
    return id == connection || id == keep_alive || id == te || id == trailer || id == upgrade ||
           id == transfer_encoding;
}

} // namespace preforkd::proxy
