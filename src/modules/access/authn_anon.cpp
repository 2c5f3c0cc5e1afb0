// authn_anon: users who may come in with a name that everybody knows, and their e-mail address for
// a password.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "config/directive.h"
#include "modules/access/authn_provider.h"
#include "modules/modules.h"

namespace preforkd {

namespace {

struct AnonymousSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    // Nothing of an outer section holds beside what is said here, as in Apache.
    void inherit_from(const AnonymousSettings&) {}

    std::vector<std::string> users;
    bool takes_any_user = false; // Anonymous *
    std::optional<bool> takes_no_user, needs_email, verifies_email, logs_email;
};

Status add_user(AnonymousSettings& settings, config::Arguments arguments) {
    if (arguments[0] == "*") settings.takes_any_user = true;
    else settings.users.push_back(arguments[0]);
    return {};
}

bool is_welcome(const AnonymousSettings& settings, const std::string& user) {
    if (user.empty()) return settings.takes_no_user.value_or(false);
    return settings.takes_any_user ||
           std::any_of(settings.users.begin(), settings.users.end(),
                       [&](const auto& name) { return iequals(name, user); });
}

bool is_good_email(const AnonymousSettings& settings, const std::string& text) {
    if (settings.needs_email.value_or(true) && text.empty()) return false;
    return !settings.verifies_email.value_or(false) ||
           (text.find('@') != text.npos && text.find('.') != text.npos);
}

class AnonymousProvider final : public AuthenticationProvider {
  public:
    Authentication check_password(Request& request, const std::string& user,
                                  const std::string& password) const override {
        const auto& settings = request.of<AnonymousSettings>();
        if (!is_welcome(settings, user)) return Authentication::user_not_found;
        if (!is_good_email(settings, password)) return Authentication::denied;
        if (settings.logs_email.value_or(true) && !request.main && !request.previous)
            request.log(
                "authn_anon", log::Level::info,
                request.arena.join({"AH01672: Anonymous: Passwd <", password, "> Accepted"}));
        return Authentication::granted;
    }
};

const AnonymousProvider provider;

} // namespace

std::span<const NamedAuthenticationProvider> authn_anon_providers() {
    static constexpr std::array providers{
        NamedAuthenticationProvider{"anon", &provider, "authn_anon_module"},
    };
    return providers;
}

Module authn_anon_module() {
    using config::override_auth_config;
    using config::sets_flag;
    using config::Shape;
    constexpr unsigned sections = config::directory | config::htaccess;
    return {
        .name = "authn_anon",
        .directives =
            {
                {"Anonymous", Shape::each, sections, override_auth_config, config::edits<add_user>,
                 "a space-separated list of user IDs"},
                {"Anonymous_MustGiveEmail", Shape::flag, sections, override_auth_config,
                 sets_flag<&AnonymousSettings::needs_email>, "Limited to 'on' or 'off'"},
                {"Anonymous_NoUserId", Shape::flag, sections, override_auth_config,
                 sets_flag<&AnonymousSettings::takes_no_user>, "Limited to 'on' or 'off'"},
                {"Anonymous_VerifyEmail", Shape::flag, sections, override_auth_config,
                 sets_flag<&AnonymousSettings::verifies_email>, "Limited to 'on' or 'off'"},
                {"Anonymous_LogEmail", Shape::flag, sections, override_auth_config,
                 sets_flag<&AnonymousSettings::logs_email>, "Limited to 'on' or 'off'"},
            },
        .settings = {config::settings_type<AnonymousSettings>()},
    };
}

} // namespace preforkd
