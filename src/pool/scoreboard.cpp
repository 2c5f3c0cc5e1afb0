#include "pool/scoreboard.h"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>
#include <utility>

#include "os/system_error.h"

namespace preforkd::pool {

char letter_of(ChildState state) {
    static constexpr std::string_view letters = ".S_RWKLDCGI";
    const auto index = static_cast<std::size_t>(state);
    return index < letters.size() ? letters[index] : '?';
}

template <std::size_t Size>
void SharedText<Size>::assign(std::string_view text) {
    const std::size_t length = std::min(text.size(), Size - 1);
    std::memcpy(bytes, text.data(), length);
    bytes[length] = '\0';
}

template <std::size_t Size>
std::string_view SharedText<Size>::view() const {
    return {bytes, ::strnlen(bytes, Size - 1)};
}

template struct SharedText<48>;
template struct SharedText<64>;
template struct SharedText<192>;

namespace {

constexpr std::size_t global_size = (sizeof(Global) + 63) / 64 * 64;
Scoreboard* current_scoreboard = nullptr;

} // namespace

Result<Scoreboard> Scoreboard::create(int slots) {
    const auto count = static_cast<std::size_t>(slots);
    Scoreboard board;
    board.size_ = global_size + count * sizeof(Slot);
    void* memory =
        ::mmap(nullptr, board.size_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return system_error("map", "scoreboard");
    // The pages are zero already, and a slot that nobody used costs no memory: nothing is written.
    board.global_ = static_cast<Global*>(memory);
    auto* first = reinterpret_cast<Slot*>(static_cast<char*>(memory) + global_size);
    board.slots_ = {first, count};
    board.global_->slot_count = slots;
    board.global_->highest_slot_in_use = -1;
    return board;
}

Scoreboard::Scoreboard(Scoreboard&& other) noexcept
    : global_(std::exchange(other.global_, nullptr)), slots_(std::exchange(other.slots_, {})),
      size_(std::exchange(other.size_, 0)) {
    if (current_scoreboard == &other) current_scoreboard = this;
}

Scoreboard::~Scoreboard() {
    if (global_) ::munmap(global_, size_);
    if (current_scoreboard == this) current_scoreboard = nullptr;
}

Scoreboard* Scoreboard::current() { return current_scoreboard; }
void Scoreboard::set_current(Scoreboard* scoreboard) { current_scoreboard = scoreboard; }

} // namespace preforkd::pool
