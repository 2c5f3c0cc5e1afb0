#include "net/shared_cache_part.h"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace preforkd::net {

namespace {

// A TLS session takes about as much.
constexpr std::size_t expected_value = 160;

// Beyond any timeout: what is further off was not written by us.
constexpr std::int64_t longest_time = std::int64_t{1} << 32;

// Others may write while this process reads: the copy is what gets checked and used, so the
// compiler must not look at the original again.
void copy_from_shared(void* to, const char* from, std::size_t size) {
    if (size > 0) std::memcpy(to, from, size); // what is empty may lie at nullptr
    std::atomic_signal_fence(std::memory_order_seq_cst);
}

void copy_to_shared(char* to, const void* from, std::size_t size) {
    if (size > 0) std::memcpy(to, from, size);
    std::atomic_signal_fence(std::memory_order_seq_cst);
}

} // namespace

SharedCachePart::Counters& SharedCachePart::Counters::operator+=(const Counters& more) {
    stored += more.stored;
    replaced += more.replaced;
    expired += more.expired;
    discarded += more.discarded;
    hits += more.hits;
    misses += more.misses;
    removed += more.removed;
    removed_in_vain += more.removed_in_vain;
    return *this;
}

std::size_t SharedCachePart::entries_in(std::size_t part_size) {
    return (part_size - sizeof(Header)) / (sizeof(Entry) + expected_value);
}

std::size_t SharedCachePart::bytes_in(std::size_t part_size) {
    return part_size - sizeof(Header) - entries_in(part_size) * sizeof(Entry);
}

SharedCachePart::SharedCachePart(std::span<char> memory, std::int64_t now)
    : memory_(memory), now_(now), entries_room_(entries_in(memory.size())),
      ring_(memory.last(bytes_in(memory.size()))) {
    load_header();
    drop_what_expired();
}

SharedCachePart::~SharedCachePart() {
    header_.in_use = 0;
    copy_to_shared(memory_.data(), &header_, sizeof header_);
}

void SharedCachePart::load_header() {
    copy_from_shared(&header_, memory_.data(), sizeof header_);
    const bool makes_sense = !header_.in_use && header_.first_entry < entries_room_ &&
                             header_.entries <= entries_room_ &&
                             header_.first_byte < ring_.size() && header_.bytes <= ring_.size();
    if (!makes_sense || header_.entries == 0) make_empty();
    header_.in_use = 1;
    copy_to_shared(memory_.data(), &header_, sizeof header_);
}

void SharedCachePart::make_empty() {
    header_.first_entry = header_.entries = 0;
    header_.first_byte = header_.bytes = 0;
}

void SharedCachePart::drop_what_expired() {
    while (header_.entries > 0) {
        const Entry oldest = entry(0);
        if (!oldest.removed && oldest.expires > now_) return;
        if (!oldest.removed) ++header_.counters.expired;
        drop_oldest();
    }
}

void SharedCachePart::drop_oldest() {
    const Entry oldest = entry(0);
    if (header_.entries == 1 || oldest.bytes > header_.bytes) return make_empty();
    const std::size_t next_byte = header_.first_byte + std::size_t{oldest.bytes};
    header_.first_byte = static_cast<std::uint32_t>(next_byte % ring_.size());
    header_.bytes -= oldest.bytes;
    header_.first_entry = static_cast<std::uint32_t>((header_.first_entry + 1) % entries_room_);
    --header_.entries;
}

bool SharedCachePart::store(std::string_view key, std::string_view value, std::int64_t expires) {
    if (key.size() > longest_key || value.size() > ring_.size()) return false;
    if (const auto same = position_of(key)) {
        mark_removed(*same);
        ++header_.counters.replaced;
    }
    while (header_.entries == entries_room_ || ring_.size() - header_.bytes < value.size()) {
        if (!entry(0).removed) ++header_.counters.discarded;
        drop_oldest();
    }
    Entry added;
    added.expires = expires;
    added.first_byte = static_cast<std::uint32_t>(
        (header_.first_byte + std::size_t{header_.bytes}) % ring_.size());
    added.bytes = static_cast<std::uint32_t>(value.size());
    added.key_size = static_cast<std::uint8_t>(key.size());
    std::copy(key.begin(), key.end(), added.key);
    write_bytes(added.first_byte, value);
    write_entry(header_.entries, added);
    ++header_.entries;
    header_.bytes += added.bytes;
    ++header_.counters.stored;
    return true;
}

std::optional<std::string> SharedCachePart::find(std::string_view key) {
    if (const auto position = position_of(key)) {
        const Entry found = entry(*position);
        if (found.first_byte < ring_.size() && found.bytes <= ring_.size()) {
            ++header_.counters.hits;
            return read_bytes(found.first_byte, found.bytes);
        }
        make_empty();
    }
    ++header_.counters.misses;
    return {};
}

void SharedCachePart::remove(std::string_view key) {
    const auto position = position_of(key);
    ++(position ? header_.counters.removed : header_.counters.removed_in_vain);
    if (position) mark_removed(*position);
}

std::optional<std::int64_t> SharedCachePart::time_left_of_oldest() const {
    if (header_.entries == 0) return {};
    return std::clamp(entry(0).expires, now_, now_ + longest_time) - now_;
}

std::string_view SharedCachePart::Entry::key_text() const {
    return {key, std::min<std::size_t>(key_size, longest_key)};
}

std::optional<std::size_t> SharedCachePart::position_of(std::string_view key) const {
    for (std::size_t position = 0; position < header_.entries; ++position) {
        const Entry candidate = entry(position);
        if (!candidate.removed && candidate.expires > now_ && candidate.key_text() == key)
            return position;
    }
    return {};
}

SharedCachePart::Entry SharedCachePart::entry(std::size_t position) const {
    const std::size_t index = (header_.first_entry + position) % entries_room_;
    Entry copy;
    copy_from_shared(&copy, memory_.data() + sizeof(Header) + index * sizeof(Entry), sizeof copy);
    return copy;
}

void SharedCachePart::write_entry(std::size_t position, const Entry& entry) {
    const std::size_t index = (header_.first_entry + position) % entries_room_;
    copy_to_shared(memory_.data() + sizeof(Header) + index * sizeof(Entry), &entry, sizeof entry);
}

void SharedCachePart::mark_removed(std::size_t position) {
    Entry marked = entry(position);
    marked.removed = 1;
    write_entry(position, marked);
}

std::string SharedCachePart::read_bytes(std::size_t first, std::size_t count) const {
    std::string bytes(count, '\0');
    const std::size_t until_end = std::min(count, ring_.size() - first);
    copy_from_shared(bytes.data(), ring_.data() + first, until_end);
    copy_from_shared(bytes.data() + until_end, ring_.data(), count - until_end);
    return bytes;
}

void SharedCachePart::write_bytes(std::size_t first, std::string_view bytes) {
    const std::size_t until_end = std::min(bytes.size(), ring_.size() - first);
    copy_to_shared(ring_.data() + first, bytes.data(), until_end);
    copy_to_shared(ring_.data(), bytes.data() + until_end, bytes.size() - until_end);
}

} // namespace preforkd::net
