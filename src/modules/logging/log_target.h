// Where a log goes: a file, or a program that reads it ("|program").
#pragma once

#include <string>

#include "base/result.h"
#include "config/configuration.h"
#include "os/piped_program.h"
#include "os/unique_fd.h"

namespace preforkd::logging {

// Opens `target` as a directive gave it; a program is added to `programs`.
Result<UniqueFd> open_log_target(const std::string& target,
                                 const config::Configuration& configuration, LogPrograms& programs);

// Up to the last slash.
std::string folder_of(const std::string& path);

// Looks at the folders of logs, one after the other.
class LogFolders {
  public:
    // Answers an errno, or 0.
    int look_at(const std::string& folder);

  private:
    std::string found_; // the last one: most hosts log to the same
};

// Fails where the folder of a file cannot be looked at; `place` is where the directive stands.
Status check_log_folder(LogFolders& folders, const std::string& target, const config::Place& place,
                        const config::Configuration& configuration);

} // namespace preforkd::logging
