#include "modules/response/input_filters.h"

#include <array>

namespace preforkd {

namespace {

// What Apache has as filters and this server does in other ways, if there is anything to do.
constexpr std::array without_effect{
    InputFilterRegistration{"BUFFER", nullptr, "buffer_module"},
    InputFilterRegistration{"HTTP_IN"},
    InputFilterRegistration{"KEEP_BODY", nullptr, "request_module"},
    InputFilterRegistration{"KEPT_BODY", nullptr, "request_module"},
};

const InputFilterRegistration* find(const config::Configuration& configuration,
                                    std::string_view name) {
    const auto* found = find_registered<InputFilter>({without_effect, deflate_input_filters()},
                                                     configuration, name);
    return found ? found : find_external_input_filter(configuration, name);
}

} // namespace

NamedInputFilters input_filters_named(const config::Configuration& configuration,
                                      std::string_view names) {
    return filters_named<InputFilter>(
        names, [&](std::string_view name) { return find(configuration, name); });
}

} // namespace preforkd
