// Where a directive comes from that preforkd does not have, and what works here in its place.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace preforkd::migrate {

struct DirectivesOf {
    std::string_view module; // "mod_proxy"
    std::string_view names;  // separated by spaces
};

// What preforkd lacks of what Apache brings, and modules of others.
std::span<const DirectivesOf> directives_of_apaches_modules();
std::span<const DirectivesOf> directives_of_other_modules();

// In the place of a module, for directives that Apache itself no longer has.
inline constexpr std::string_view before_2_4 = "Apache before 2.4";

// "mod_fcgid"; empty for a name that nobody knows. `name` is without '<'.
std::string module_of_directive(std::string_view name);

// "mod_proxy" for "proxy_module", as LoadModule calls it.
std::string module_of_identifier(std::string_view identifier);

// What an administrator is told about a module: where it comes from, and what there is instead.
std::string advice_about(std::string_view module);

} // namespace preforkd::migrate
