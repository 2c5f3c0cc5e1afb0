#include "modules/access/provider_alias.h"

#include <fmt/format.h>
#include <memory>

#include "config/words.h"
#include "modules/access/aliased_settings.h"

namespace preforkd {

namespace {

class ProviderAlias final : public AuthenticationProvider {
  public:
    ProviderAlias(std::string name, const AuthenticationProvider& base)
        : name_(std::move(name)), base_(base) {}
    const std::string& name() const { return name_; }
    config::Settings& settings() { return settings_; }

    Authentication check_password(Request& request, const std::string& user,
                                  const std::string& password) const override {
        const AliasedSettings aliased(request, settings_);
        return base_.check_password(request, user, password);
    }
    bool knows_digests() const override { return base_.knows_digests(); }
    Authentication find_digest(Request& request, const std::string& user, const std::string& realm,
                               std::string& digest) const override {
        const AliasedSettings aliased(request, settings_);
        return base_.find_digest(request, user, realm, digest);
    }

  private:
    std::string name_;
    const AuthenticationProvider& base_;
    config::Settings settings_;
};

// Only the main server has them.
struct ProviderAliases {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const ProviderAliases&) {}
    std::vector<std::shared_ptr<ProviderAlias>> aliases;
};

} // namespace

Status add_provider_alias(config::Invocation& invocation, config::Arguments arguments) {
    const auto words = config::split_words(arguments[0]);
    if (words.size() < 2)
        return Error{"<AuthnProviderAlias> directive requires additional arguments"};
    if (words[0] == words[1])
        return Error{"The alias provider name must be different from the base provider name."};
    const auto* base = find_authentication_provider(invocation.configuration, words[0]);
    if (!base) return Error{"Unknown Authn provider: " + words[0]};
    if (find_authentication_provider(invocation.configuration, words[1]))
        return Error{fmt::format("The alias provider {} has already be registered previously as "
                                 "either a base provider or an alias provider.",
                                 words[1])};
    auto alias = std::make_shared<ProviderAlias>(words[1], *base);
    if (auto applied = apply_alias_content(invocation, alias->settings()); !applied) return applied;
    invocation.configuration.main_server()
        .server_settings.edit<ProviderAliases>()
        .aliases.push_back(std::move(alias));
    return {};
}

config::SettingsType provider_alias_settings() { return config::settings_type<ProviderAliases>(); }

const AuthenticationProvider* find_provider_alias(const config::Configuration& configuration,
                                                  std::string_view name) {
    const auto* known = configuration.said_by_main_server().find<ProviderAliases>();
    if (!known) return nullptr;
    for (const auto& alias : known->aliases)
        if (alias->name() == name) return alias.get();
    return nullptr;
}

} // namespace preforkd
