// <AuthnProviderAlias>: a provider under another name, with settings of its own.
#pragma once

#include "config/directive.h"
#include "modules/access/authn_provider.h"

namespace preforkd {

// The row's function.
Status add_provider_alias(config::Invocation& invocation, config::Arguments arguments);
config::SettingsType provider_alias_settings();

// nullptr where there is none of that name.
const AuthenticationProvider* find_provider_alias(const config::Configuration& configuration,
                                                  std::string_view name);

} // namespace preforkd
