#include "modules/response/smart_filter.h"

#include <algorithm>

#include "base/text.h"
#include "pipeline/request.h"

namespace preforkd {

using http::FieldId;

namespace {

bool is_for(const SmartFilter::Provider& provider, std::string_view media_type, Request& request) {
    if (provider.condition) return provider.condition->holds_or_logs(request, "filter");
    if (media_type.empty()) return false;
    return std::find(provider.types.begin(), provider.types.end(), media_type) !=
           provider.types.end();
}

bool may_filter(const FilterEffects& effects, const Request& request) {
    if (!request.other_server.answers) return true;
    if (effects.not_for_proxied) return false;
    return !effects.obeys_no_transform ||
           lower(request.response.fields.combined(FieldId::cache_control, request.arena))
                   .find("no-transform") == std::string::npos;
}

void apply(const FilterEffects& effects, Response& response) {
    if (effects.changes_content) {
        response.fields.remove(FieldId::etag);
        response.fields.remove("Content-MD5");
    }
    if (effects.prevents_caching) {
        response.fields.remove(FieldId::last_modified);
        response.fields.add(FieldId::cache_control, "Cache-Control", "no-cache");
    }
    if (effects.prevents_ranges) response.fields.set(FieldId::accept_ranges, "none");
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
    if (!may_filter(effects_, request)) return nullptr;
    for (const Provider& provider : providers_)
        if (is_for(provider, type, request) && may_filter(provider.effects, request)) {
            apply(effects_, request.response);
            apply(provider.effects, request.response);
            return provider.filter ? provider.filter->begin(request) : nullptr;
        }
    return nullptr;
}

} // namespace preforkd
