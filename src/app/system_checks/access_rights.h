// What the permissions of files allow to a user, without being that user.
#pragma once

#include <string>
#include <sys/stat.h>

#include "os/identity.h"

namespace preforkd {

enum class Right : unsigned char { enter = 1, write = 2, read = 4 };

// By owner, group and mode; access control lists are not looked at.
bool may(const Identity& who, Right right, const struct stat& status);

// The first folder on the way to `path`, or `path` itself, where `who` lacks the right: to enter a
// folder, and `last` in the end. Empty where everything is allowed, or nothing is there.
std::string first_obstacle(const Identity& who, const std::string& path, Right last);

} // namespace preforkd
