// What filters of requests and of responses have in common: their kinds, their order, and how a
// configuration names them.
#pragma once

#include <algorithm>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

namespace preforkd {

class Request;

// Which filters are nearer to the handler: those of the lower kind (Apache: ap_filter_type).
enum class FilterKind : unsigned char {
    resource,    // changes what the content says
    content_set, // changes how it is coded
    protocol,    // changes how it is sent; these and the next are Apache's, for FilterDeclare
    transcode,
    connection,
    network,
};

// What a directive named. `filter` is nullptr where no enabled module has one of that name.
template <class Filter>
struct NamedFilter {
    std::string name;
    const Filter* filter = nullptr;
};

// Puts `filter` behind those of its kind.
template <class Filter>
void insert_filter(std::pmr::vector<const Filter*>& filters, const Filter& filter) {
    const auto place = std::find_if(filters.begin(), filters.end(), [&](const Filter* other) {
        return other->kind() > filter.kind();
    });
    filters.insert(place, &filter);
}

void log_unknown_filter(const Request& request, std::string_view name);

// The same for each that exists; the log tells of the others.
template <class Filter>
void insert_filters(const Request& request, std::pmr::vector<const Filter*>& filters,
                    const std::vector<NamedFilter<Filter>>& named) {
    for (const auto& [name, filter] : named) {
        if (filter) insert_filter(filters, *filter);
        else log_unknown_filter(request, name);
    }
}

} // namespace preforkd
