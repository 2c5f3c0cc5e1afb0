// Which filters of requests there are, by name: every module that brings some lists them here.
#pragma once

#include "modules/response/filter_registration.h"
#include "pipeline/input_filter.h"

namespace preforkd {

using InputFilterRegistration = FilterRegistration<InputFilter>;

std::span<const InputFilterRegistration> deflate_input_filters();

// Those that ExtFilterDefine has made so far.
const InputFilterRegistration*
find_external_input_filter(const config::Configuration& configuration, std::string_view name);

// Of "DEFLATE;upper".
NamedInputFilters input_filters_named(const config::Configuration& configuration,
                                      std::string_view names);

} // namespace preforkd
