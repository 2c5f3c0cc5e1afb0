#include "os/memory_apart.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>
#include <sys/mman.h>

namespace preforkd {

namespace {

constexpr std::size_t lot_size = 64 * 1024;
constexpr std::size_t huge_page = 2 * 1024 * 1024;

// A stretch of address space, handed out lot by lot. This description is its first lot, so that
// counting writes into no page that holds a block.
struct Stretch {
    static constexpr std::size_t most_lots = 1024;

    Stretch* before = nullptr; // the one that was made before
    unsigned number = 0;       // of the MemoryApart that it was made for
    bool open = true;          // and that still lives
    std::size_t lots = 1;      // that were handed out, with this one
    std::array<std::uint32_t, most_lots> blocks{};

    std::byte* lot(std::size_t number) {
        return reinterpret_cast<std::byte*>(this) + number * lot_size;
    }
    std::size_t offset_of(const void* block) const {
        return static_cast<std::size_t>(reinterpret_cast<std::uintptr_t>(block) -
                                        reinterpret_cast<std::uintptr_t>(this));
    }
    bool holds(const void* block) const { return offset_of(block) < lots * lot_size; }
    std::uint32_t& blocks_around(const void* block) { return blocks[offset_of(block) / lot_size]; }
};
static_assert(sizeof(Stretch) <= lot_size);

constinit thread_local MemoryApart* at_hand = nullptr;
constinit Stretch* newest = nullptr;

Stretch* stretch_of(const void* block) {
    for (Stretch* stretch = newest; stretch; stretch = stretch->before)
        if (stretch->holds(block)) return stretch;
    return nullptr;
}

// Address space that begins where a huge page can; nullptr if there is none.
std::byte* reserve(std::size_t size) {
    void* place = ::mmap(nullptr, size + huge_page, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place == MAP_FAILED) return nullptr;
    auto* begin = static_cast<std::byte*>(place);
    const std::size_t before = -reinterpret_cast<std::uintptr_t>(place) % huge_page;
    if (before > 0) ::munmap(begin, before);
    ::munmap(begin + before + size, huge_page - before);
    return begin + before;
}

// All at once: a fault for each page costs more. Kernels before 5.14 do not know it.
void have_pages(std::byte* begin, std::size_t size) { ::madvise(begin, size, MADV_POPULATE_WRITE); }

Stretch* add_stretch(unsigned number) {
    std::byte* place = reserve(Stretch::most_lots * lot_size);
    if (!place) return nullptr;
    auto* stretch = new (place) Stretch;
    stretch->before = newest;
    stretch->number = number;
    newest = stretch;
    return stretch;
}

void finish(Stretch& stretch) {
    stretch.open = false;
    std::byte* rest = stretch.lot(stretch.lots);
    if (stretch.lots < Stretch::most_lots)
        ::munmap(rest, (Stretch::most_lots - stretch.lots) * lot_size);
}

// Calls `act` with each longest run of lots that are all empty, or all not.
template <class Act>
void for_runs(Stretch& stretch, bool empty, Act act) {
    for (std::size_t lot = 1; lot < stretch.lots; ++lot) {
        const std::size_t first = lot;
        while (lot < stretch.lots && (stretch.blocks[lot] == 0) == empty) ++lot;
        if (lot > first) act(stretch.lot(first), (lot - first) * lot_size);
    }
}

void forget(std::byte* begin, std::size_t size) { ::madvise(begin, size, MADV_DONTNEED); }

// Moves a copy to where the pages are.
void replace_with_copy(Stretch& stretch) {
    const std::size_t size = stretch.lots * lot_size;
    std::byte* const copy = reserve(size);
    if (!copy) return;
    if (size > huge_page) ::madvise(copy + huge_page, size - huge_page, MADV_HUGEPAGE);
    for_runs(stretch, false, [&](std::byte* begin, std::size_t length) {
        std::byte* const place = copy + (begin - stretch.lot(0));
        have_pages(place, length);
        std::memcpy(place, begin, length);
        ::mremap(place, length, length, MREMAP_MAYMOVE | MREMAP_FIXED, begin);
    });
    ::munmap(copy, size); // where nothing was to move
}

bool is_empty(const Stretch& stretch) {
    return std::all_of(stretch.blocks.begin(), stretch.blocks.end(),
                       [](std::uint32_t blocks) { return blocks == 0; });
}

} // namespace

MemoryApart::MemoryApart() {
    static unsigned made = 0;
    number_ = ++made;
    at_hand = this;
}

MemoryApart::~MemoryApart() {
    at_hand = nullptr;
    for (Stretch* stretch = newest; stretch; stretch = stretch->before)
        if (stretch->open) finish(*stretch);
    give_back_pages();
}

void* MemoryApart::take(std::size_t size) {
    return at_hand && size <= largest ? at_hand->take_here(size) : nullptr;
}

void* MemoryApart::take_here(std::size_t size) {
    const std::size_t grains = std::max<std::size_t>((size + grain - 1) / grain, 1);
    void* block = freed_[grains];
    if (block) {
        freed_[grains] = freed_[grains]->next;
    } else {
        const bool fits = grains * grain <= static_cast<std::size_t>(end_ - next_);
        if (!fits && !go_on_in_next_lot()) return nullptr;
        block = next_;
        next_ += grains * grain;
    }
    ++stretch_of(block)->blocks_around(block);
    return block;
}

bool MemoryApart::go_on_in_next_lot() {
    const bool room = newest && newest->open && newest->lots < Stretch::most_lots;
    Stretch* stretch = room ? newest : add_stretch(number_);
    if (!stretch) return false;
    next_ = stretch->lot(stretch->lots++);
    end_ = next_ + lot_size;
    // Where there is much, huge pages: a process is forked faster with few. Not for the first two
    // MiB, which are enough for most configurations.
    if (reinterpret_cast<std::uintptr_t>(next_) % huge_page == 0)
        ::madvise(next_, huge_page, MADV_HUGEPAGE);
    have_pages(next_, lot_size);
    return true;
}

bool MemoryApart::give_back(void* block, std::size_t size) {
    Stretch* stretch = stretch_of(block);
    if (!stretch) return false;
    --stretch->blocks_around(block);
    if (stretch->open && at_hand && size > 0) at_hand->keep_for_next(block, size);
    return true;
}

void MemoryApart::keep_for_next(void* block, std::size_t size) {
    Freed*& first = freed_[(size + grain - 1) / grain];
    first = new (block) Freed{first};
}

void MemoryApart::give_back_pages() {
    for (Stretch** place = &newest; *place;) {
        Stretch& stretch = **place;
        if (!stretch.open && is_empty(stretch)) {
            *place = stretch.before;
            ::munmap(&stretch, stretch.lots * lot_size);
        } else {
            if (!stretch.open) for_runs(stretch, true, forget);
            place = &stretch.before;
        }
    }
}

void MemoryApart::stop_sharing(const void* block) {
    const Stretch* around = stretch_of(block);
    if (!around) return;
    for (Stretch* stretch = newest; stretch; stretch = stretch->before)
        if (stretch->number == around->number) replace_with_copy(*stretch);
}

} // namespace preforkd
