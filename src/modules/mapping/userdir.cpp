// userdir: /~name/ leads to a folder of that user.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "config/directive.h"
#include "modules/modules.h"
#include "os/file.h"
#include "os/identity.h"
#include "pipeline/request.h"

namespace preforkd {

namespace {

struct UserDirSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const UserDirSettings& outer) {
        config::inherit(all_disabled, outer.all_disabled);
        config::inherit(places, outer.places);
    }
    std::optional<std::vector<std::string>> places; // tried in their order
    std::optional<bool> all_disabled;               // but those that are enabled by name
    std::vector<std::string> enabled, disabled;     // a host's own stand alone, as in Apache
};

Status set_places(UserDirSettings& settings, config::Arguments arguments) {
    if (arguments.empty() || arguments[0].empty()) return Error{"UserDir requires an argument."};
    const auto& first = arguments[0];
    const auto names = arguments.subspan(1);
    if (iequals(first, "disable") || iequals(first, "disabled")) {
        if (names.empty()) settings.all_disabled = true;
        settings.disabled.insert(settings.disabled.end(), names.begin(), names.end());
        return {};
    }
    if (iequals(first, "enable") || iequals(first, "enabled")) {
        settings.enabled.insert(settings.enabled.end(), names.begin(), names.end());
        return {};
    }
    settings.places.emplace(arguments.begin(), arguments.end());
    return {};
}

bool holds(const std::vector<std::string>& names, std::string_view name) {
    return std::any_of(names.begin(), names.end(),
                       [name](const auto& one) { return iequals(one, name); });
}

bool is_welcome(const UserDirSettings& settings, std::string_view user) {
    if (user.empty() || user == "." || user == "..") return false;
    if (holds(settings.disabled, user)) return false;
    return !settings.all_disabled.value_or(false) || holds(settings.enabled, user);
}

// Where one of the places lies for a user: a file name, a URL, or "" for somebody unknown.
std::string_view place_for(std::string_view place, std::string_view user, Request& request) {
    Arena& arena = request.arena;
    const auto star = place.find('*');
    if (star != place.npos) {
        const auto before = place.substr(0, star);
        const auto after = place.substr(star + 1);
        const bool is_path = after.empty() || after.starts_with('/');
        if (is_path || before.find(':') != before.npos) return arena.join({before, user, after});
    }
    if (place.starts_with('/') || place.find(':') != place.npos)
        return arena.join({place, "/", user});
    const auto home = home_of_user(std::string(user));
    return home.empty() ? std::string_view() : arena.join({home, "/", place});
}

// "http://host/~*/" has the slash that the path has, too.
std::string_view url_below(std::string_view place, std::string_view rest, Arena& arena) {
    if (place.ends_with('/')) place.remove_suffix(1);
    return arena.join({place, rest});
}

Verdict redirect(Request& request, std::string_view url) {
    request.response.fields.set(http::FieldId::location, url);
    return refuse(302);
}

bool exists(const Request& request, std::string_view path) {
    struct stat status {};
    return stat_path(request.arena.c_string(path), status) == 0;
}

Verdict translate_name(Request& request) {
    const auto& settings = request.of<UserDirSettings>();
    if (!settings.places || !request.uri.starts_with("/~")) return declined;
    const auto named = request.uri.substr(2);
    const auto user = named.substr(0, named.find('/'));
    const auto rest = named.substr(user.size());
    if (!is_welcome(settings, user)) return declined;
    for (const auto& place : *settings.places) {
        const auto found = place_for(place, user, request);
        if (found.find("://") != found.npos)
            return redirect(request, url_below(found, rest, request.arena));
        // The last one counts whether it is there or not: a handler may know what to do.
        if (found.empty() || (&place != &settings.places->back() && !exists(request, found)))
            continue;
        request.filename = request.arena.join({found, rest});
        request.context_prefix = request.uri.substr(0, request.uri.size() - rest.size());
        request.context_root = found;
        return ok;
    }
    return declined;
}

} // namespace

Module userdir_module() {
    return {
        .name = "userdir",
        .directives = {{"UserDir", config::Shape::words,
                        config::server_config | config::virtual_host, 0, config::edits<set_places>,
                        "the public subdirectory in users' home directories, or 'disabled', or "
                        "'disabled username username...', or 'enabled username username...'"}},
        .settings = {config::settings_type<UserDirSettings>()},
        .hooks = {.translate_name = translate_name},
    };
}

} // namespace preforkd
