#include "modules/access/authn_provider.h"

#include "modules/access/provider_alias.h"

namespace preforkd {

const AuthenticationProvider*
find_authentication_provider(const config::Configuration& configuration, std::string_view name) {
    for (const auto providers :
         {authn_anon_providers(), authn_file_providers(), authn_socache_providers()})
        for (const auto& known : providers)
            if (known.name == name && configuration.has_module(known.module_identifier))
                return known.provider;
    return find_provider_alias(configuration, name);
}

const AuthenticationProvider& usual_authentication_provider() {
    return *authn_file_providers().front().provider;
}

} // namespace preforkd
