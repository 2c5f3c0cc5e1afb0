#include "os/identity.h"

#include <cerrno>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"
#include "os/system_error.h"

namespace preforkd {

namespace {

// "#33" → 33; "#-1" is Apache's "nobody in particular". Nothing for a name.
std::optional<id_t> parse_number(std::string_view name) {
    if (!name.starts_with('#')) return std::nullopt;
    name.remove_prefix(1);
    const bool negative = name.starts_with('-');
    if (negative) name.remove_prefix(1);
    const auto number = parse_decimal(name);
    if (!number) return std::nullopt;
    return static_cast<id_t>(negative ? -*number : *number);
}

std::vector<gid_t> supplementary_groups(const char* user, gid_t group) {
    int count = 0;
    ::getgrouplist(user, group, nullptr, &count);
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    if (::getgrouplist(user, group, groups.data(), &count) < 0) return {group};
    return groups;
}

} // namespace

Result<uid_t> find_user(const std::string& name) {
    if (const auto number = parse_number(name)) return static_cast<uid_t>(*number);
    if (const auto* entry = ::getpwnam(name.c_str())) return entry->pw_uid;
    return Error{"bad user name " + name};
}

Result<gid_t> find_group(const std::string& name) {
    if (const auto number = parse_number(name)) return static_cast<gid_t>(*number);
    if (const auto* entry = ::getgrnam(name.c_str())) return entry->gr_gid;
    return Error{"bad group name " + name};
}

Result<Identity> find_identity(const std::string& user, const std::string& group) {
    const auto uid = find_user(user);
    if (!uid) return uid.error();
    const auto gid = find_group(group);
    if (!gid) return gid.error();
    Identity identity{.user = user, .uid = *uid, .gid = *gid, .groups = {*gid}};
    if (const auto* entry = ::getpwuid(*uid))
        identity.groups = supplementary_groups(entry->pw_name, *gid);
    return identity;
}

std::string name_of_user(uid_t user) {
    const auto* entry = ::getpwuid(user);
    return entry ? entry->pw_name : std::to_string(user);
}

std::string name_of_group(gid_t group) {
    const auto* entry = ::getgrgid(group);
    return entry ? entry->gr_name : std::to_string(group);
}

std::string home_of_user(const std::string& name) {
    const passwd* entry = ::getpwnam(name.c_str());
    return entry && entry->pw_dir ? entry->pw_dir : "";
}

uid_t effective_user() { return ::geteuid(); }
bool is_superuser() { return effective_user() == 0; }

namespace {

// So that not even a program with capabilities of its own could hand one on.
void empty_bounding_set() {
    for (unsigned long capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0;
         ++capability)
        ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
}

} // namespace

// Leaving user 0 takes the effective and the permitted ones already; inheritable ones stay. Ambient
// ones go with them.
Status drop_capabilities() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
    if (::syscall(SYS_capset, &header, none) != 0) return system_error("drop", "capabilities");
    return {};
}

Status become(const Identity& identity) {
    empty_bounding_set();
    if (::setgid(identity.gid) != 0) return system_error("set", "group id");
    if (::setgroups(identity.groups.size(), identity.groups.data()) != 0)
        return system_error("set", "supplementary groups");
    if (::setuid(identity.uid) != 0) return system_error("set", "user id");
    // Whoever can come back has not left.
    if (identity.uid != 0 && ::setuid(0) == 0)
        return Error{"superuser's rights came back after they were given up"};
    if (::getuid() != identity.uid || ::getgid() != identity.gid)
        return Error{"user or group is not the one that was asked for"};
    return drop_capabilities();
}

Status refuse_new_privileges() {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return system_error("refuse", "privileges");
    return {};
}

Status lock_into(const std::string& directory) {
    if (::chdir(directory.c_str()) != 0) return system_error("change to", directory);
    if (::chroot(".") != 0) return system_error("change the root to", directory);
    return {};
}

} // namespace preforkd
