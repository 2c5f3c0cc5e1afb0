// Small files as a child last read them. A request looks at a file's status in any case; while that
// tells of no change, opening, reading and closing it once more would bring nothing new.
#pragma once

#include <array>
#include <ctime>
#include <memory>
#include <string_view>

#include "os/file_version.h"

namespace preforkd {

class SmallFiles {
  public:
    // Larger files are not kept.
    static constexpr std::size_t largest = 8 * 1024;

    // The content of the file that `status` describes, or nullptr. Good until the next keep().
    const std::string_view* find(const struct stat& status) const;

    // Remembers `content`, unless the file changed so lately that its next change could bear the
    // same time. Requires: `status` is that of the open file, `content` is all of it.
    void keep(const struct stat& status, std::string_view content, std::time_t now);

  private:
    struct Kept {
        FileVersion version;
        std::unique_ptr<char[]> bytes;
        std::string_view content;
    };
    static std::size_t place_of(const struct stat& status);

    // Few enough that a child stays small.
    std::array<Kept, 16> kept_;
};

} // namespace preforkd
