#include "working_folder.h"

#include <climits>
#include <cstring>
#include <string_view>
#include <sys/prctl.h>
#include <unistd.h>

namespace php {

namespace {

bool is_in(std::string_view folder) {
    char now[PATH_MAX];
    return ::getcwd(now, sizeof now) && folder == now;
}

} // namespace

bool stay_beside(const char* script) {
    // A child that may leave a core file is where that is to be written (CoreDumpDirectory).
    static const bool may_leave = is_in("/") || ::prctl(PR_GET_DUMPABLE) == 0;
    const char* slash = std::strrchr(script, '/');
    if (!may_leave || !slash || slash - script >= PATH_MAX) return false;
    char folder[PATH_MAX] = "/";
    if (slash != script) folder[std::string_view(script, slash).copy(folder, PATH_MAX - 1)] = '\0';
    // Asked, and not kept: scripts go elsewhere, and folders are renamed.
    return is_in(folder) || ::chdir(folder) == 0;
}

} // namespace php
