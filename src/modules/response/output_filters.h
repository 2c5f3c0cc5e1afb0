// Which filters of responses there are, by name: every module that brings some lists them here.
#pragma once

#include "modules/response/filter_registration.h"
#include "pipeline/output_filter.h"

namespace preforkd {

using OutputFilterRegistration = FilterRegistration<OutputFilter>;

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

// Of "INCLUDES;DEFLATE".
NamedOutputFilters output_filters_named(const config::Configuration& configuration,
                                        std::string_view names);

} // namespace preforkd
