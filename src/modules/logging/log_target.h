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

// Whether the folders of logs can be looked at.
class LogFolders {
  public:
    explicit LogFolders(const config::Configuration& configuration)
        : configuration_(configuration) {}

    // `place` is where the directive stands, for the message.
    Status check(const std::string& target, const config::Place& place);

  private:
    const config::Configuration& configuration_;
    std::string found_; // the last one: most hosts log to the same
};

} // namespace preforkd::logging
