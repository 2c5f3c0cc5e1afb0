// One owner for a file descriptor.
#pragma once

#include <utility>

namespace preforkd {

class UniqueFd {
  public:
    UniqueFd() = default;
    explicit UniqueFd(int descriptor) : descriptor_(descriptor) {}
    UniqueFd(UniqueFd&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    UniqueFd& operator=(UniqueFd&& other) noexcept {
        if (this != &other) reset(std::exchange(other.descriptor_, -1));
        return *this;
    }
    ~UniqueFd() { reset(); }

    int get() const { return descriptor_; }
    explicit operator bool() const { return descriptor_ >= 0; }
    int release() { return std::exchange(descriptor_, -1); }
    void reset(int descriptor = -1);

  private:
    int descriptor_ = -1;
};

// A second, close-on-exec name for an open file; empty when the system has no more.
UniqueFd duplicate_descriptor(int descriptor);

// Whether programs that this process becomes have the descriptor, too.
void keep_over_exec(int descriptor, bool kept);

// Makes `descriptor` another name of standard error, so that a socket call on it fails. For
// signal handlers: unlike close(), it frees no number that may be given away again meanwhile.
void forget_descriptor(int descriptor);

} // namespace preforkd
