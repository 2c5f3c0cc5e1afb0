#include "pipeline/filter_list.h"

#include "pipeline/request.h"

namespace preforkd {

void log_unknown_filter(const Request& request, std::string_view name) {
    request.log("core", log::Level::error,
                request.arena.join({"AH00082: an unknown filter was not added: ", name}));
}

} // namespace preforkd
