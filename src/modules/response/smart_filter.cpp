#include "modules/response/smart_filter.h"

#include <algorithm>

#include "pipeline/request.h"

namespace preforkd {

namespace {

bool is_for(const SmartFilter::Provider& provider, std::string_view media_type, Request& request) {
    if (provider.condition) return provider.condition->holds_or_logs(request, "filter");
    if (media_type.empty()) return false;
    return std::find(provider.types.begin(), provider.types.end(), media_type) !=
           provider.types.end();
}

} // namespace

void SmartFilter::prepare(Request& request) const {
    for (const Provider& provider : providers_)
        if (provider.filter) provider.filter->prepare(request);
}

FilterSink* SmartFilter::begin(Request& request) const {
    const Response& response = request.response;
    if (response.status != 200 &&
        (request.variables.empty() || !request.find_variable("filter-errordocs")))
        return nullptr;
    const auto type = response.content_type.substr(0, response.content_type.find_first_of("; \t"));
    for (const Provider& provider : providers_)
        if (is_for(provider, type, request))
            return provider.filter ? provider.filter->begin(request) : nullptr;
    return nullptr;
}

} // namespace preforkd
