// Memory that lives as long as one request: handed out by moving a pointer, given back all at once.
#pragma once

#include <array>
#include <cstring>
#include <initializer_list>
#include <memory_resource>
#include <span>
#include <string_view>

namespace preforkd {

// Nothing that is allocated here is destroyed one by one: put only text, views, trivially
// destructible values and std::pmr containers of them in it. Views stay good until release().
class Arena {
  public:
    Arena() : memory_(first_.data(), first_.size()) {}
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    std::span<char> bytes(std::size_t size) {
        return {static_cast<char*>(memory_.allocate(size, 1)), size};
    }
    // Room for a T that nobody will destroy: `new (arena.bytes_for<T>()) T(…)`.
    template <class T>
    void* bytes_for() {
        return memory_.allocate(sizeof(T), alignof(T));
    }
    std::string_view copy(std::string_view text) { return join({text}); }
    std::string_view join(std::initializer_list<std::string_view> pieces) {
        std::size_t size = 0;
        for (auto piece : pieces) size += piece.size();
        auto place = bytes(size);
        char* next = place.data();
        for (auto piece : pieces) {
            if (!piece.empty()) std::memcpy(next, piece.data(), piece.size());
            next += piece.size();
        }
        return {place.data(), size};
    }
    // `text` with a NUL behind it, for a system call.
    const char* c_string(std::string_view text) {
        return join({text, std::string_view("\0", 1)}).data();
    }
    std::pmr::memory_resource* resource() { return &memory_; }
    void release() { memory_.release(); }

  private:
    // Large enough that an ordinary request never asks the heap.
    alignas(std::max_align_t) std::array<char, 12 * 1024> first_;
    std::pmr::monotonic_buffer_resource memory_;
};

} // namespace preforkd
