// Which state of which file something was read from.
#pragma once

#include <ctime>
#include <sys/stat.h>

namespace preforkd {

class FileVersion {
  public:
    FileVersion() = default;
    explicit FileVersion(const struct stat& status);

    // Whether `status` tells of the same file, unchanged.
    bool is_of(const struct stat& status) const;
    // The file changed so long before `now` that its next change must bear another time.
    bool is_settled(std::time_t now) const;

  private:
    dev_t device_ = 0;
    ino_t inode_ = 0;
    off_t size_ = 0;
    struct timespec modified_ {};
    struct timespec changed_ {}; // also by chmod and rename, and nobody can set it back
};

} // namespace preforkd
