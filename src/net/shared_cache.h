// A cache of a fixed size in memory that all children share: each stores what the others may find
// (TLS sessions, OCSP responses). What is old gives way to what is new.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/shared_cache_part.h"
#include "os/process_locks.h"
#include "os/shared_memory.h"

namespace preforkd::net {

// Made before the fork; a child may be killed at any point, and a hostile one may write anything
// anywhere in it. It is cut into parts (shared_cache_part.h), each with a lock; one that is not
// free soon counts as nothing found. Times are seconds since 1970.
class SharedCache {
  public:
    static constexpr std::size_t longest_key = SharedCachePart::longest_key;
    static constexpr std::size_t smallest = 8192; // bytes (Apache: "size has to be >= 8192 bytes")

    // Requires: size >= smallest.
    static Result<SharedCache> create(std::size_t size);

    // The first byte of keys is spread evenly. Replaces what was there under `key`; false where
    // there was no room or no lock.
    bool store(std::string_view key, std::string_view value, std::int64_t expires,
               std::int64_t now);
    // As store, but false if there is something under `key` already: of several processes, one
    // succeeds.
    bool store_first(std::string_view key, std::string_view value, std::int64_t expires,
                     std::int64_t now);
    std::optional<std::string> find(std::string_view key, std::int64_t now);
    void remove(std::string_view key, std::int64_t now);

    std::size_t size() const { return memory_.size(); }

    // What /server-status tells.
    struct Figures {
        std::size_t bytes = 0, parts = 0, entries_per_part = 0; // room
        std::size_t entries = 0;
        int entries_percent = 0, bytes_percent = 0; // of the room, in use
        // Seconds that the oldest entries of the parts have left.
        std::int64_t left_average = 0, left_least = 0, left_most = 0;
        SharedCachePart::Counters counters;
    };
    Figures figures(std::int64_t now);

  private:
    SharedCache(SharedMemory memory, ProcessLocks locks);
    std::size_t part_for(std::string_view key) const;
    // What `work` answers about a part that is locked meanwhile; `otherwise` without the lock.
    template <class Work, class Answer>
    Answer in_part(std::size_t number, std::int64_t now, Answer otherwise, Work work);

    SharedMemory memory_;
    ProcessLocks locks_;
    std::size_t parts_;
    std::size_t part_size_;
};

} // namespace preforkd::net
