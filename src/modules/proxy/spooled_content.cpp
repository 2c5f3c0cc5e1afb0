#include "modules/proxy/spooled_content.h"

#include <array>
#include <cerrno>

#include "os/file.h"
#include "os/temporary_file.h"

namespace preforkd::proxy {

Result<SpooledContent> SpooledContent::take(http::BodySource& content) {
    auto file = make_temporary_file();
    if (!file) return Error{file.error().what, EIO};
    SpooledContent spooled;
    spooled.file_ = std::move(*file);
    std::array<char, 32 * 1024> piece;
    while (!content.at_end()) {
        const auto count = content.read(piece);
        if (!count) return count.error();
        if (*count == 0) break;
        const auto written = write_whole(spooled.file_.get(), {piece.data(), *count});
        if (!written) return Error{written.error().what, EIO};
        spooled.size_ += *count;
    }
    return spooled;
}

Result<std::size_t> SpooledContent::read(std::span<char> into) {
    const auto count = read_at(file_.get(), into.data(), into.size(), static_cast<off_t>(taken_));
    if (count) taken_ += *count;
    return count;
}

} // namespace preforkd::proxy
