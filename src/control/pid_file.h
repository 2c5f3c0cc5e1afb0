// The file that tells scripts which process to signal (Apache: PidFile).
#pragma once

#include <string>
#include <sys/types.h>

#include "base/result.h"

namespace preforkd {

enum class PidFileWas : unsigned char { absent, stale };

// `stale`: a file of another process was overwritten, which did not end in good order.
Result<PidFileWas> write_pid_file(const std::string& path, pid_t pid);
void remove_pid_file(const std::string& path);
// Unless it names another process.
void remove_pid_file_of(pid_t pid, const std::string& path);

} // namespace preforkd
