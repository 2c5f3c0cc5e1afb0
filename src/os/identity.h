// As whom a process runs: user, group and supplementary groups.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "base/result.h"

namespace preforkd {

// Found once in the control process, so that no child reads the user database.
struct Identity {
    std::string user; // as it was written: "www-data" or "#33"
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups; // supplementary, from the user database
};

// Apache: User and Group; a number stands behind '#'. Fails with Apache's words: "bad user name x".
Result<Identity> find_identity(const std::string& user, const std::string& group);
Result<uid_t> find_user(const std::string& name);
Result<gid_t> find_group(const std::string& name);

// The number where nobody has it.
std::string name_of_user(uid_t user);
std::string name_of_group(gid_t group);

// The folder that the user database has for them, empty where it does not know them.
std::string home_of_user(const std::string& name);

uid_t effective_user();
bool is_superuser();
// Becomes `identity` for good, with no capability left, and makes sure of it.
// Requires: is_superuser().
Status become(const Identity& identity);
// Leaves this process no capability, as far as it may: an ordinary user's server can have been
// given some, to bind a port below 1024.
Status drop_capabilities();
// No program that this process starts can give it rights that it does not have (prctl(2),
// PR_SET_NO_NEW_PRIVS): set-user-ID bits count for nothing.
Status refuse_new_privileges();
// Apache: ChrootDir. Requires: is_superuser().
Status lock_into(const std::string& directory);

} // namespace preforkd
