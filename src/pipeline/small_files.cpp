#include "pipeline/small_files.h"

#include <cstring>

namespace preforkd {

namespace {

constexpr std::time_t settled_after = 2; // seconds; no file system's clock is coarser

bool equal(const struct timespec& a, const struct timespec& b) {
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

} // namespace

std::size_t SmallFiles::place_of(const struct stat& status) {
    return status.st_ino % std::tuple_size_v<decltype(kept_)>;
}

bool SmallFiles::same(const Kept& kept, const struct stat& status) {
    return kept.bytes && kept.inode == status.st_ino && kept.device == status.st_dev &&
           static_cast<off_t>(kept.content.size()) == status.st_size &&
           equal(kept.modified, status.st_mtim) && equal(kept.changed, status.st_ctim);
}

const std::string_view* SmallFiles::find(const struct stat& status) const {
    const Kept& kept = kept_[place_of(status)];
    return same(kept, status) ? &kept.content : nullptr;
}

void SmallFiles::keep(const struct stat& status, std::string_view content, std::time_t now) {
    if (content.size() > largest || now - status.st_ctim.tv_sec < settled_after) return;
    Kept& kept = kept_[place_of(status)];
    kept.bytes.reset(new char[content.size()]);
    std::memcpy(kept.bytes.get(), content.data(), content.size());
    kept.content = {kept.bytes.get(), content.size()};
    kept.device = status.st_dev;
    kept.inode = status.st_ino;
    kept.modified = status.st_mtim;
    kept.changed = status.st_ctim;
}

} // namespace preforkd
