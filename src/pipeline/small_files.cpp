#include "pipeline/small_files.h"

#include <cstring>

namespace preforkd {

std::size_t SmallFiles::place_of(const struct stat& status) {
    return status.st_ino % std::tuple_size_v<decltype(kept_)>;
}

const std::string_view* SmallFiles::find(const struct stat& status) const {
    const Kept& kept = kept_[place_of(status)];
    return kept.bytes && kept.version.is_of(status) ? &kept.content : nullptr;
}

void SmallFiles::keep(const struct stat& status, std::string_view content, std::time_t now) {
    const FileVersion version(status);
    if (content.size() > largest || !version.is_settled(now)) return;
    Kept& kept = kept_[place_of(status)];
    kept.bytes.reset(new char[content.size()]);
    std::memcpy(kept.bytes.get(), content.data(), content.size());
    kept.content = {kept.bytes.get(), content.size()};
    kept.version = version;
}

} // namespace preforkd
