#include "pool/scoreboard.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace preforkd::pool {

char letter_of(ChildState state) {
    static constexpr std::string_view letters = ".S_RWKLDCGI";
    const auto index = static_cast<std::size_t>(state);
    return index < letters.size() ? letters[index] : '?';
}

template <std::size_t Size>
void SharedText<Size>::assign(std::string_view text) {
    const std::size_t length = std::min(text.size(), Size - 1);
    std::copy_n(text.begin(), length, bytes);
    bytes[length] = '\0';
}

template <std::size_t Size>
std::string_view SharedText<Size>::view() const {
    return {bytes, ::strnlen(bytes, Size - 1)};
}

template struct SharedText<64>;
template struct SharedText<96>;
template struct SharedText<128>;
template struct SharedText<512>;

namespace {

constexpr std::size_t global_size = (sizeof(Global) + page_size - 1) / page_size * page_size;
Scoreboard* current_scoreboard = nullptr;

} // namespace

Result<Scoreboard> Scoreboard::create(int slots, const std::string& path) {
    auto memory =
        SharedFile::create(global_size + static_cast<std::size_t>(slots) * sizeof(Slot), path);
    if (!memory) return memory.error();
    return Scoreboard(std::move(*memory), slots);
}

// The memory is zero already, which is what every field begins with; nothing is written to slots,
// so that one that nobody uses costs no page.
Scoreboard::Scoreboard(SharedFile memory, int slots)
    : memory_(std::move(memory)), global_(static_cast<Global*>(memory_.address())) {
    auto* first = static_cast<char*>(memory_.address()) + global_size;
    slots_ = {reinterpret_cast<Slot*>(first), static_cast<std::size_t>(slots)};
    global_->slot_count = slots;
    global_->highest_slot_in_use = -1;
}

Scoreboard::Scoreboard(Scoreboard&& other) noexcept
    : memory_(std::move(other.memory_)), global_(other.global_), slots_(other.slots_) {
    if (current_scoreboard == &other) current_scoreboard = this;
}

Scoreboard::~Scoreboard() {
    if (current_scoreboard == this) current_scoreboard = nullptr;
}

std::span<const Slot> Scoreboard::used_slots() const {
    return slots_.first(static_cast<std::size_t>(global_->slots_ever_used.load()));
}

Status Scoreboard::write_only_to(int index) {
    return memory_.write_only_to(global_size + static_cast<std::size_t>(index) * sizeof(Slot),
                                 sizeof(Slot));
}

Scoreboard* Scoreboard::current() { return current_scoreboard; }
void Scoreboard::set_current(Scoreboard* scoreboard) { current_scoreboard = scoreboard; }

} // namespace preforkd::pool
