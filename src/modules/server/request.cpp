// request: how much of a request's content is kept for what the request leads to.
#include <fmt/format.h>

#include "base/text.h"
#include "config/directive.h"
#include "modules/modules.h"

namespace preforkd {

namespace {

Status check_size(config::Invocation&, config::Arguments arguments) {
    if (parse_decimal(arguments[0])) return {};
    return Error{"KeptBodySize must be a valid size in bytes, or zero."};
}

} // namespace

// Nothing reads it yet (docs/deferred.md): no handler takes the content of requests.
Module request_module() {
    return {
        .name = "request",
        .directives = {{"KeptBodySize", config::Shape::one, config::directory,
                        config::override_none, check_size,
                        "Maximum size of request bodies kept aside for use by filters"}},
    };
}

} // namespace preforkd
