// One part of a shared cache: two rings in shared memory, one of entries and one of the bytes of
// their values. The oldest are dropped first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace preforkd::net {

// A process's view of the part, as long as it holds the part's lock. Whatever it reads is copied
// first and checked then: the memory holds positions and no pointers, and what makes no sense, or
// was left half done by a process that was killed, empties the part.
class SharedCachePart {
  public:
    static constexpr std::size_t longest_key = 32;

    // Since the cache was made.
    struct Counters {
        std::uint64_t stored = 0, replaced = 0, expired = 0;
        std::uint64_t discarded = 0; // gave way before their time
        std::uint64_t hits = 0, misses = 0;
        std::uint64_t removed = 0, removed_in_vain = 0;
        Counters& operator+=(const Counters& more);
    };
    // How many entries and bytes have room in a part of this size.
    static std::size_t entries_in(std::size_t part_size);
    static std::size_t bytes_in(std::size_t part_size);

    // Requires: the memory is aligned for std::uint64_t, and zeroed before its first use.
    SharedCachePart(std::span<char> memory, std::int64_t now);
    // Writes back where the rings begin and end.
    ~SharedCachePart();
    SharedCachePart(const SharedCachePart&) = delete;
    SharedCachePart& operator=(const SharedCachePart&) = delete;

    bool store(std::string_view key, std::string_view value, std::int64_t expires);
    std::optional<std::string> find(std::string_view key);
    void remove(std::string_view key);

    bool contains(std::string_view key) const { return position_of(key).has_value(); }
    std::size_t entries() const { return header_.entries; }
    std::size_t bytes() const { return header_.bytes; }
    // Seconds; nothing if there is no entry.
    std::optional<std::int64_t> time_left_of_oldest() const;
    const Counters& counters() const { return header_.counters; }

  private:
    struct Header {
        std::uint32_t in_use = 0; // by a process that has not finished
        std::uint32_t first_entry = 0, entries = 0;
        std::uint32_t first_byte = 0, bytes = 0;
        Counters counters;
    };
    struct Entry {
        std::int64_t expires = 0;
        std::uint32_t first_byte = 0, bytes = 0;
        std::uint8_t removed = 0;
        std::uint8_t key_size = 0;
        char key[longest_key] = {};
        std::string_view key_text() const;
    };

    void load_header();
    void drop_what_expired();
    void drop_oldest();
    void make_empty();
    // Positions count from the oldest.
    Entry entry(std::size_t position) const;
    void write_entry(std::size_t position, const Entry& entry);
    void mark_removed(std::size_t position);
    std::optional<std::size_t> position_of(std::string_view key) const;
    std::string read_bytes(std::size_t first, std::size_t count) const;
    void write_bytes(std::size_t first, std::string_view bytes);

    std::span<char> memory_;
    std::int64_t now_;
    std::size_t entries_room_;
    std::span<char> ring_; // of bytes
    Header header_;
};

} // namespace preforkd::net
