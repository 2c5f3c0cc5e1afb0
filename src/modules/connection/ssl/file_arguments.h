// Files and folders that directives of mod_ssl name: they have to be there when the configuration
// is read.
#pragma once

#include <string>

#include "config/directive.h"

namespace preforkd::ssl {

// The absolute path of a file that has some content, or of a folder.
Result<std::string> present_file(const config::Invocation& invocation, const std::string& name);
Result<std::string> present_folder(const config::Invocation& invocation, const std::string& name);
// Whether there is anything of that name.
bool exists(const std::string& path);

// For a row: `.apply = sets_file<&S::field>` with std::optional<std::string> S::field.
template <auto Field, auto Present>
Status sets_present(config::Invocation& invocation, config::Arguments arguments) {
    using S = typename config::MemberTraits<decltype(Field)>::Struct;
    auto path = Present(invocation, arguments[0]);
    if (!path) return path.error();
    config::settings_for(invocation, S::scope).template edit<S>().*Field = std::move(*path);
    return {};
}
template <auto Field>
constexpr config::Apply sets_file = sets_present<Field, present_file>;
template <auto Field>
constexpr config::Apply sets_folder = sets_present<Field, present_folder>;

} // namespace preforkd::ssl
