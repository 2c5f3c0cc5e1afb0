#include "net/shared_cache.h"

#include <algorithm>

namespace preforkd::net {

namespace {

// A part has room for the largest session or response, and few enough entries to look through.
constexpr std::size_t smallest_part = 8192;
constexpr std::size_t most_parts = 256; // one for each first byte of a key

std::size_t parts_of(std::size_t size) {
    std::size_t parts = 1;
    while (parts < most_parts && size / (parts * 2) >= smallest_part) parts *= 2;
    return parts;
}

constexpr std::size_t alignment = alignof(std::uint64_t);

int percent(std::size_t part, std::size_t whole) { return static_cast<int>(100 * part / whole); }

} // namespace

Result<SharedCache> SharedCache::create(std::size_t size) {
    auto memory = SharedMemory::create(size);
    if (!memory) return memory.error();
    auto locks = ProcessLocks::create();
    if (!locks) return locks.error();
    return SharedCache(std::move(*memory), std::move(*locks));
}

SharedCache::SharedCache(SharedMemory memory, ProcessLocks locks)
    : memory_(std::move(memory)), locks_(std::move(locks)), parts_(parts_of(memory_.size())),
      part_size_(memory_.size() / parts_ / alignment * alignment) {}

bool SharedCache::store(std::string_view key, std::string_view value, std::int64_t expires,
                        std::int64_t now) {
    return in_part(part_for(key), now, false,
                   [&](SharedCachePart& part) { return part.store(key, value, expires); });
}

bool SharedCache::store_first(std::string_view key, std::string_view value, std::int64_t expires,
                              std::int64_t now) {
    return in_part(part_for(key), now, false, [&](SharedCachePart& part) {
        return !part.contains(key) && part.store(key, value, expires);
    });
}

std::optional<std::string> SharedCache::find(std::string_view key, std::int64_t now) {
    return in_part(part_for(key), now, std::optional<std::string>(),
                   [&](SharedCachePart& part) { return part.find(key); });
}

void SharedCache::remove(std::string_view key, std::int64_t now) {
    in_part(part_for(key), now, false, [&](SharedCachePart& part) {
        part.remove(key);
        return true;
    });
}

SharedCache::Figures SharedCache::figures(std::int64_t now) {
    Figures figures;
    figures.bytes = size();
    figures.parts = parts_;
    figures.entries_per_part = SharedCachePart::entries_in(part_size_);
    std::size_t bytes = 0;
    std::int64_t parts_with_entries = 0, left_sum = 0;
    for (std::size_t number = 0; number < parts_; ++number)
        in_part(number, now, false, [&](SharedCachePart& part) {
            figures.entries += part.entries();
            bytes += part.bytes();
            figures.counters += part.counters();
            if (const auto left = part.time_left_of_oldest()) {
                const bool first = parts_with_entries++ == 0;
                left_sum += *left;
                figures.left_least = first ? *left : std::min(figures.left_least, *left);
                figures.left_most = std::max(figures.left_most, *left);
            }
            return true;
        });
    if (parts_with_entries > 0) figures.left_average = left_sum / parts_with_entries;
    figures.entries_percent = percent(figures.entries, parts_ * figures.entries_per_part);
    figures.bytes_percent = percent(bytes, parts_ * SharedCachePart::bytes_in(part_size_));
    return figures;
}

std::size_t SharedCache::part_for(std::string_view key) const {
    return key.empty() ? 0 : static_cast<unsigned char>(key.front()) % parts_;
}

template <class Work, class Answer>
Answer SharedCache::in_part(std::size_t number, std::int64_t now, Answer otherwise, Work work) {
    const int lock = static_cast<int>(number);
    if (!locks_.lock(lock)) return otherwise;
    auto* const begin = static_cast<char*>(memory_.address()) + number * part_size_;
    {
        SharedCachePart part({begin, part_size_}, now);
        otherwise = work(part);
    }
    locks_.unlock(lock);
    return otherwise;
}

} // namespace preforkd::net
