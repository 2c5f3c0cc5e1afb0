// Memory that several processes share, of which each can be held to a part: who was restricted can
// read it all and write to one range, and the kernel sees to it.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "os/unique_fd.h"

namespace preforkd {

class SharedFile {
  public:
    // Zeroed. Without a path it has no name, and nothing is left behind by a crash. With one it is
    // a file for its owner to look into, in place of what is there, and goes with this object.
    static Result<SharedFile> create(std::size_t size, const std::string& path = {});
    SharedFile(SharedFile&& other) noexcept;
    SharedFile& operator=(SharedFile&&) = delete;
    ~SharedFile();

    void* address() const { return address_; }

    // From now on this process writes to [offset, offset + length) only, for good: neither mprotect
    // nor another mapping leads back. Before Linux 6.10, code that means to can grow the range over
    // what lies behind it, and with a path choose another. Both numbers are multiples of the page
    // size.
    Status write_only_to(std::size_t offset, std::size_t length);

  private:
    SharedFile() = default;
    Status map();
    bool is_still_at_path() const;

    void* address_ = nullptr;
    std::size_t size_ = 0;
    UniqueFd writable_, readable_;
    std::string path_;
};

} // namespace preforkd
