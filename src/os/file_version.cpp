#include "os/file_version.h"

namespace preforkd {

namespace {

constexpr std::time_t settled_after = 2; // seconds; no file system's clock is coarser

bool equal(const struct timespec& a, const struct timespec& b) {
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

} // namespace

FileVersion::FileVersion(const struct stat& status)
    : device_(status.st_dev), inode_(status.st_ino), size_(status.st_size),
      modified_(status.st_mtim), changed_(status.st_ctim) {}

bool FileVersion::is_of(const struct stat& status) const {
    return inode_ == status.st_ino && device_ == status.st_dev && size_ == status.st_size &&
           equal(modified_, status.st_mtim) && equal(changed_, status.st_ctim);
}

bool FileVersion::is_settled(std::time_t now) const {
    return now - changed_.tv_sec >= settled_after;
}

} // namespace preforkd
