// What went wrong with scripts, for those who write them (Apache: ScriptLog).
#pragma once

#include <string>
#include <string_view>

#include "pipeline/request.h"

namespace preforkd {

class ScriptLog {
  public:
    explicit ScriptLog(const Request& request) : request_(request) {}

    bool is_kept() const;
    // The client sends it, and the script is to have it.
    void keep_content(std::string_view part);
    // The script could not be run, or has complained.
    void write_failure(int status, std::string_view message) const;
    // `output` makes no sense: the lines of a head, a bad one, and what comes after it.
    void write_output(int status, std::string_view output) const;

  private:
    std::string title(int status) const;
    void append(const std::string& entry) const;

    const Request& request_;
    std::string content_; // the beginning of it
};

} // namespace preforkd
