// Which filters there are, by name: every module that brings some lists them here.
#pragma once

#include <span>
#include <string_view>

#include "config/configuration.h"
#include "pipeline/output_filter.h"

namespace preforkd {

// The filter is nullptr where what has the name is always at work (BYTERANGE).
struct OutputFilterRegistration {
    std::string_view name; // in capitals
    const OutputFilter* filter = nullptr;
    std::string_view module_identifier = {}; // a filter comes with its module
};

std::span<const OutputFilterRegistration> brotli_filters();
std::span<const OutputFilterRegistration> buffer_filters();
std::span<const OutputFilterRegistration> data_filters();
std::span<const OutputFilterRegistration> deflate_filters();
std::span<const OutputFilterRegistration> include_filters();
std::span<const OutputFilterRegistration> ratelimit_filters();
std::span<const OutputFilterRegistration> substitute_filters();

// Those that ExtFilterDefine has made so far.
const OutputFilterRegistration*
find_external_output_filter(const config::Configuration& configuration, std::string_view name);

// nullptr when no enabled module has it. The case of letters does not matter.
const OutputFilterRegistration* find_output_filter(const config::Configuration& configuration,
                                                   std::string_view name);

// Of "INCLUDES;DEFLATE". What there is not yet is kept: the log tells of it when it is wanted.
NamedOutputFilters output_filters_named(const config::Configuration& configuration,
                                        std::string_view names);

} // namespace preforkd
