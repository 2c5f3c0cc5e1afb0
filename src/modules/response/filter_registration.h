// How filters are found by their names, those of requests and those of responses alike.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "config/configuration.h"
#include "pipeline/filter_list.h"

namespace preforkd {

// The filter is nullptr where what has the name is done in another way, if at all (BYTERANGE).
template <class Filter>
struct FilterRegistration {
    std::string_view name; // in capitals
    const Filter* filter = nullptr;
    std::string_view module_identifier = {}; // a filter comes with its module
};

// nullptr when no enabled module has it. The case of letters does not matter.
template <class Filter>
const FilterRegistration<Filter>*
find_registered(std::initializer_list<std::span<const FilterRegistration<Filter>>> lists,
                const config::Configuration& configuration, std::string_view name) {
    for (const auto& list : lists)
        for (const auto& one : list)
            if (iequals(one.name, name) &&
                (one.module_identifier.empty() || configuration.has_module(one.module_identifier)))
                return &one;
    return nullptr;
}

// Of "INCLUDES;DEFLATE", by `find`, which answers a registration. What there is not yet is kept:
// the log tells of it when it is wanted.
template <class Filter, class Find>
std::vector<NamedFilter<Filter>> filters_named(std::string_view names, Find find) {
    std::vector<NamedFilter<Filter>> filters;
    for (const auto name : split(names, ';')) {
        const FilterRegistration<Filter>* found = find(name);
        if (found && !found->filter) continue;
        filters.push_back({std::string(name), found ? found->filter : nullptr});
    }
    return filters;
}

} // namespace preforkd
