// authn_file: users and passwords from a file, a line each.
#include <array>

#include "config/directive.h"
#include "modules/access/authn_provider.h"
#include "modules/access/authn_socache.h"
#include "modules/access/password.h"
#include "modules/access/user_file.h"
#include "modules/modules.h"

namespace preforkd {

namespace {

struct AuthnFileSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const AuthnFileSettings& outer) { config::inherit(path, outer.path); }
    std::optional<std::string> path; // AuthUserFile, absolute
};

Status set_path(AuthnFileSettings& settings, config::Arguments arguments,
                config::Invocation& invocation) {
    settings.path = invocation.server_relative(arguments[0]);
    return {};
}

// The file as it is now, or nothing; the log tells why, with the numbers of who asked.
const std::string* read_users(Request& request, std::string_view not_said,
                              std::string_view not_opened) {
    const auto& path = request.of<AuthnFileSettings>().path;
    if (!path) {
        request.log(
            "authn_file", log::Level::error,
            request.arena.join({not_said, ": AuthUserFile not specified in the configuration"}));
        return nullptr;
    }
    const auto text = user_file(*path);
    if (text) return *text;
    request.log("authn_file", log::Level::error,
                request.arena.join({not_opened, ": Could not open password file: ", *path}),
                text.error().code);
    return nullptr;
}

class FileProvider final : public AuthenticationProvider {
  public:
    Authentication check_password(Request& request, const std::string& user,
                                  const std::string& password) const override {
        const auto* text = read_users(request, "AH01619", "AH01620");
        if (!text) return Authentication::failed;
        const auto kept = find_in_user_file(*text, user);
        if (!kept) return Authentication::user_not_found;
        const auto secret = kept->substr(0, kept->find(':'));
        keep_credentials(request, "file", user, {}, secret);
        return password_matches(password, secret) ? Authentication::granted
                                                  : Authentication::denied;
    }
    bool knows_digests() const override { return true; }
    // As htdigest(1) writes it: user:realm:digest.
    Authentication find_digest(Request& request, const std::string& user, const std::string& realm,
                               std::string& digest) const override {
        const auto* text = read_users(request, "AH01621", "AH01622");
        if (!text) return Authentication::failed;
        const auto kept = find_in_user_file(*text, user + ":" + realm);
        if (!kept) return Authentication::user_not_found;
        digest = kept->substr(0, kept->find(':'));
        keep_credentials(request, "file", user, realm, digest);
        return Authentication::granted;
    }
};

const FileProvider provider;

} // namespace

std::span<const NamedAuthenticationProvider> authn_file_providers() {
    static constexpr std::array providers{
        NamedAuthenticationProvider{"file", &provider, "authn_file_module"},
    };
    return providers;
}

Module authn_file_module() {
    return {
        .name = "authn_file",
        .directives = {{"AuthUserFile", config::Shape::one, config::directory | config::htaccess,
                        config::override_auth_config, config::edits<set_path>,
                        "text file containing user IDs and passwords"}},
        .settings = {config::settings_type<AuthnFileSettings>()},
    };
}

} // namespace preforkd
