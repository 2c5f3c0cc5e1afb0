// Memory apart from the heap, for much that is made together and given back together: a
// configuration. In the heap its blocks would leave thousands of holes, which malloc strings
// together by writing into them: every child that asks for something large would copy those pages.
#pragma once

#include <array>
#include <cstddef>

namespace preforkd {

// While one of these lives, its thread's `new` takes small blocks from pages that hold nothing
// else. Blocks may outlive it: pages go back to the system when the last of their blocks is
// deleted. That writes nothing into them, so that children share what they do not use themselves.
// One at a time; what was taken is deleted by one thread at a time.
class MemoryApart {
  public:
    MemoryApart();
    ~MemoryApart();
    MemoryApart(const MemoryApart&) = delete;
    MemoryApart& operator=(const MemoryApart&) = delete;

    // The two halves of operator new and delete. nullptr: the heap is to be asked.
    static void* take(std::size_t size);
    // Whether `block` came from take(). `size` as it was asked for, or 0 where nobody knows.
    static bool give_back(void* block, std::size_t size);

    // Gives the system all pages in which no block is left.
    static void give_back_pages();

    // Copies the pages of all that was taken while `block` was, for who shares them with children
    // and is about to delete most: destructors write, and a fault for each page costs several times
    // as much.
    static void stop_sharing(const void* block);

  private:
    static constexpr std::size_t grain = 16; // what operator new promises to align to
    static constexpr std::size_t largest = 2048;
    struct Freed {
        Freed* next;
    };

    void* take_here(std::size_t size);
    bool go_on_in_next_lot();
    void keep_for_next(void* block, std::size_t size);

    unsigned number_ = 0;
    std::byte* next_ = nullptr; // the rest of the lot at hand
    std::byte* end_ = nullptr;
    std::array<Freed*, largest / grain + 1> freed_{}; // by size, for what is taken next
};

} // namespace preforkd
