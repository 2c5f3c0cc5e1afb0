#include "pipeline/input_filter.h"

#include "pipeline/request.h"

namespace preforkd {

void begin_input_filters(Request& request) {
    const auto& filters = request.input_filters;
    if (filters.empty() || !request.content || !request.head.has_content()) return;
    request.unfiltered_content = request.content;
    for (auto filter = filters.rbegin(); filter != filters.rend(); ++filter)
        request.content = &(*filter)->begin(request, *request.content);
}

} // namespace preforkd
