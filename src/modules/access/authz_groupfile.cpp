// authz_groupfile: Require group, with the groups in a file.
#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "config/directive.h"
#include "modules/access/authorization.h"
#include "modules/access/user_file.h"
#include "modules/modules.h"
#include "os/identity.h"

namespace preforkd {

namespace {

struct GroupFileSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const GroupFileSettings& outer) { config::inherit(path, outer.path); }
    std::optional<std::string> path; // AuthGroupFile, absolute
};

Status set_path(GroupFileSettings& settings, config::Arguments arguments,
                config::Invocation& invocation) {
    settings.path = invocation.server_relative(arguments[0]);
    return {};
}

constexpr std::string_view blanks = " \t\r\n";

// Empty at the end. A name with blanks in it stands between quotes.
std::string_view take_name(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
    const bool is_quoted = rest.starts_with('"') && rest.find('"', 1) != rest.npos;
    if (is_quoted) rest.remove_prefix(1);
    const auto name = rest.substr(0, is_quoted ? rest.find('"') : rest.find_first_of(blanks));
    rest.remove_prefix(std::min(name.size() + is_quoted, rest.size()));
    return name;
}

bool lists(std::string_view names, std::string_view user) {
    for (auto name = take_name(names); !name.empty(); name = take_name(names))
        if (name == user) return true;
    return false;
}

// Whether some entry of the group, or of any, has the user.
bool is_member(std::string_view text, std::optional<std::string_view> group,
               std::string_view user) {
    while (!text.empty()) {
        const auto entry = take_entry(text); // "group: name name"
        const auto colon = std::min(entry.find(':'), entry.size());
        if (entry.starts_with('#')) continue;
        if (group && !iequals(trim(entry.substr(0, colon)), *group)) continue;
        if (lists(entry.substr(std::min(colon + 1, entry.size())), user)) return true;
    }
    return false;
}

// The lines of one kind of requirement. Whom it lets in another may, so that most of it is no
// error.
struct Complaints {
    std::string_view no_file, unreadable;
    std::string_view unknown;
    log::Level unknown_level;
    std::string_view elsewhere, elsewhere_reason;
};

constexpr Complaints of_group{"AH01664: No group file was specified in the configuration",
                              "AH01665: Could not open group file: ",
                              "AH01666: Authorization of user ",
                              log::Level::info,
                              "AH01667: Authorization of user ",
                              "user is not part of the 'require'ed group(s)."};
constexpr Complaints of_file_group{"AH01668: No group file was specified in the configuration",
                                   "AH01669: Could not open group file: ",
                                   "AH01670: Authorization of user ",
                                   log::Level::error,
                                   "AH01671: Authorization of user ",
                                   "user is not part of the 'require'ed file group."};

void say(const Request& request, log::Level level, std::string_view beginning,
         std::string_view reason) {
    request.log("authz_groupfile", level,
                request.arena.join({beginning, request.user, " to access ", request.uri,
                                    " failed, reason: ", reason}));
}

Authorization check_membership(const Request& request, RequirementWords groups,
                               const Complaints& complaints) {
    if (!request.has_user()) return Authorization::denied_without_user;
    const auto& path = request.of<GroupFileSettings>().path;
    if (!path) {
        request.log("authz_groupfile", log::Level::error, complaints.no_file);
        return Authorization::denied;
    }
    const auto text = user_file(*path);
    if (!text) {
        request.log("authz_groupfile", log::Level::error,
                    request.arena.join({complaints.unreadable, *path}), text.error().code);
        return Authorization::denied;
    }
    for (const auto& group : groups)
        if (is_member(**text, group, request.user)) return Authorization::granted;
    if (is_member(**text, std::nullopt, request.user))
        say(request, log::Level::debug, complaints.elsewhere, complaints.elsewhere_reason);
    else
        say(request, complaints.unknown_level, complaints.unknown,
            request.arena.join({"user doesn't appear in group file (", *path, ")."}));
    return Authorization::denied;
}

Authorization check_group(const Request& request, RequirementWords groups) {
    return check_membership(request, groups, of_group);
}

// The user is in the group that the file belongs to.
Authorization check_file_group(const Request& request, RequirementWords) {
    if (!request.has_user()) return Authorization::denied_without_user;
    if (request.storage.kind == Storage::Kind::missing) return Authorization::denied;
    const std::string group = name_of_group(request.storage.status.st_gid);
    return check_membership(request, {&group, 1}, of_file_group);
}

} // namespace

std::span<const AuthorizationProvider> authz_groupfile_providers() {
    static constexpr std::array providers{
        AuthorizationProvider{"group", requirement_of<check_group>, "authz_groupfile_module"},
        AuthorizationProvider{"file-group", requirement_of<check_file_group>,
                              "authz_groupfile_module"},
    };
    return providers;
}

Module authz_groupfile_module() {
    return {
        .name = "authz_groupfile",
        .directives = {{"AuthGroupFile", config::Shape::one, config::directory | config::htaccess,
                        config::override_auth_config, config::edits<set_path>,
                        "text file containing group names and member user IDs"}},
        .settings = {config::settings_type<GroupFileSettings>()},
    };
}

} // namespace preforkd
