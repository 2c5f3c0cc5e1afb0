// Which filters of requests there are, by name: every module that brings some lists them here.
#pragma once

#include <span>
#include <string_view>

#include "config/configuration.h"
#include "pipeline/input_filter.h"

namespace preforkd {

// The filter is nullptr where what has the name changes nothing that a handler would see.
struct InputFilterRegistration {
    std::string_view name; // in capitals
    const InputFilter* filter = nullptr;
    std::string_view module_identifier = {}; // a filter comes with its module
};

std::span<const InputFilterRegistration> deflate_input_filters();

// Those that ExtFilterDefine has made so far.
const InputFilterRegistration*
find_external_input_filter(const config::Configuration& configuration, std::string_view name);

// Of "DEFLATE;upper". What there is not yet is kept: the log tells of it when it is wanted.
NamedInputFilters input_filters_named(const config::Configuration& configuration,
                                      std::string_view names);

} // namespace preforkd
