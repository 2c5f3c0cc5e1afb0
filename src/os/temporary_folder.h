// A folder below /tmp (or TMPDIR) that goes with this object, and with it all that is in it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace preforkd {

class TemporaryFolder {
  public:
    // Others may pass through it to what they know by name.
    static Result<TemporaryFolder> create(std::string_view prefix);
    TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::move(other.path_)) {
        other.path_.clear();
    }
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;
    ~TemporaryFolder();

    const std::string& path() const { return path_; }

  private:
    explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

} // namespace preforkd
