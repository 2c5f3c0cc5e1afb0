#include "modules/access/authn_socache.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <vector>

#include "base/text.h"
#include "config/directive.h"
#include "modules/access/authn_provider.h"
#include "modules/access/password.h"
#include "modules/modules.h"
#include "modules/server/arguments.h"
#include "net/digest.h"
#include "net/shared_cache.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

constexpr std::int64_t usual_lifetime = 300;   // seconds
constexpr std::size_t cache_size = 512 * 1024; // bytes

struct CacheSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const CacheSettings& outer) {
        if (providers.empty()) providers = outer.providers;
        config::inherit(lifetime, outer.lifetime);
        config::inherit(context, outer.context);
    }
    std::vector<std::string> providers; // whose users are kept
    std::optional<std::int64_t> lifetime;
    std::optional<std::string> context; // "directory", "server" or a name
};

// The main server's: whether anybody wants the cache.
struct CacheServerSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const CacheServerSettings&) {}
    bool wanted = false;
};

// Made before the fork, anew at each reload; all children share it.
std::optional<net::SharedCache> cache;

void want_cache(Invocation& invocation) {
    if (invocation.in_htaccess) return;
    invocation.configuration.main_server().server_settings.edit<CacheServerSettings>().wanted =
        true;
}

Status add_provider(CacheSettings& settings, Arguments arguments, Invocation& invocation) {
    settings.providers.push_back(arguments[0]);
    want_cache(invocation);
    return {};
}

Status set_lifetime(CacheSettings& settings, Arguments arguments) {
    settings.lifetime = leading_integer(arguments[0]);
    return {};
}

Status enable(Invocation& invocation, Arguments) {
    want_cache(invocation);
    return {};
}

Status choose_cache(Invocation& invocation, Arguments arguments) {
    const auto name = arguments[0].substr(0, arguments[0].find(':'));
    const bool known = (name == "shmcb" || name == "default") &&
                       invocation.configuration.has_module("socache_shmcb_module");
    if (known) return {};
    return Error{fmt::format("AuthnCacheSOCache: Unknown socache provider '{0}'. Maybe you need to "
                             "load the appropriate socache module (mod_socache_{0}?)",
                             name)};
}

Status make_cache(config::Configuration& configuration) {
    cache.reset();
    if (!configuration.main_server().of<CacheServerSettings>().wanted) return {};
    auto made = net::SharedCache::create(cache_size);
    if (!made) return made.error();
    cache.emplace(std::move(*made));
    return {};
}

// The users of a folder, of a server, or of all places that share a name.
std::string context_of(const Request& request) {
    const auto& said = request.of<CacheSettings>().context;
    const std::string context = said.value_or("directory");
    if (context == "server") return request.server->name;
    if (context != "directory") return context;
    return fmt::format("{}{}", request.server->name,
                       request.uri.substr(0, request.uri.rfind('/') + 1));
}

// Nobody reads names in it.
std::string key_of(const Request& request, std::string_view user, std::string_view realm) {
    const auto digest = net::sha1(fmt::format("{}\n{}\n{}", context_of(request), user, realm));
    return std::string(reinterpret_cast<const char*>(digest.data()), digest.size());
}

std::int64_t now_of(const Request& request) { return request.received_at / 1'000'000; }

std::optional<std::string> find_kept(Request& request, const std::string& user,
                                     std::string_view realm) {
        if (!cache || request.of<CacheSettings>().providers.empty()) return std::nullopt;
    auto found = cache->find(key_of(request, user, realm), now_of(request));
    request.log("authn_socache", log::Level::debug,
                request.arena.join({found ? "AH01688: Authn cache: found credentials for "
                                          : "AH01687: Authn cache: no credentials found for ",
                                    user}));
    return found;
}

class CacheProvider final : public AuthenticationProvider {
  public:
    Authentication check_password(Request& request, const std::string& user,
                                  const std::string& password) const override {
        const auto kept = find_kept(request, user, {});
        if (!kept) return Authentication::user_not_found;
        return password_matches(password, *kept) ? Authentication::granted : Authentication::denied;
    }
    bool knows_digests() const override { return true; }
    Authentication find_digest(Request& request, const std::string& user, const std::string& realm,
                               std::string& digest) const override {
        const auto kept = find_kept(request, user, realm);
        if (!kept) return Authentication::user_not_found;
        digest = *kept;
        return Authentication::granted;
    }
};

const CacheProvider provider;

} // namespace

void keep_credentials(Request& request, std::string_view from, std::string_view user,
                      std::string_view realm, std::string_view secret) {
    if (!cache) return;
    const auto& settings = request.of<CacheSettings>();
    const auto& wanted = settings.providers;
    if (std::find(wanted.begin(), wanted.end(), from) == wanted.end()) return;
    const auto now = now_of(request);
    const bool stored = cache->store(key_of(request, user, realm), secret,
                                     now + settings.lifetime.value_or(usual_lifetime), now);
    request.log("authn_socache", log::Level::debug,
                request.arena.join({stored ? "AH01681: Cached authn credentials for "
                                           : "AH01680: Failed to cache authn credentials for ",
                                    user, " in ", context_of(request)}));
}

std::span<const NamedAuthenticationProvider> authn_socache_providers() {
    static constexpr std::array providers{
        NamedAuthenticationProvider{"socache", &provider, "authn_socache_module"},
    };
    return providers;
}

Module authn_socache_module() {
    using config::edits;
    using config::override_auth_config;
    constexpr unsigned sections = config::directory | config::htaccess;
    Module module{.name = "authn_socache"};
    module.directives = {
        {"AuthnCacheSOCache", Shape::one, config::server_config, config::override_none,
         choose_cache, "socache provider for authn cache"},
        {"AuthnCacheEnable", Shape::raw, config::server_config, config::override_none,
         enable, "enable socache configuration in htaccess even if not enabled anywhere else"},
        {"AuthnCacheProvideFor", Shape::each, sections, override_auth_config, edits<add_provider>,
         "Determine what authn providers to cache for"},
        {"AuthnCacheTimeout", Shape::one, sections, override_auth_config, edits<set_lifetime>,
         "Timeout (secs) for cached credentials"},
        {"AuthnCacheContext", Shape::one, config::directory, config::override_none,
         config::sets_text<&CacheSettings::context>, "Context for authn cache"},
    };
    module.settings.push_back(config::settings_type<CacheSettings>());
    module.settings.push_back(config::settings_type<CacheServerSettings>());
    module.hooks.post_config = make_cache;
    return module;
}

} // namespace preforkd
