// Which filters there are, by name: every module that brings some lists them here.
#pragma once

#include <span>
#include <string_view>

#include "config/configuration.h"
#include "pipeline/output_filter.h"

namespace preforkd {

// The filter is nullptr where what has the name is always at work (BYTERANGE).
struct FilterRegistration {
    std::string_view name; // in capitals
    const OutputFilter* filter = nullptr;
    std::string_view module_identifier = {}; // a filter comes with its module
};

std::span<const FilterRegistration> brotli_filters();
std::span<const FilterRegistration> buffer_filters();
std::span<const FilterRegistration> data_filters();
std::span<const FilterRegistration> deflate_filters();
std::span<const FilterRegistration> include_filters();
std::span<const FilterRegistration> ratelimit_filters();
std::span<const FilterRegistration> substitute_filters();

// Those that ExtFilterDefine has made so far.
const FilterRegistration* find_external_filter(const config::Configuration& configuration,
                                               std::string_view name);

// nullptr when no enabled module has it. The case of letters does not matter.
const FilterRegistration* find_output_filter(const config::Configuration& configuration,
                                             std::string_view name);

// Of "INCLUDES;DEFLATE". What there is not yet is kept: the log tells of it when it is wanted.
NamedFilters filters_named(const config::Configuration& configuration, std::string_view names);

} // namespace preforkd
