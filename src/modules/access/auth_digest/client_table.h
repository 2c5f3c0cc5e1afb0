// What children know together of the clients that answer by digest: the newest nonce that each has
// used, and how often. Of a fixed size; who was seen last long ago gives way to a new client.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/result.h"
#include "os/process_locks.h"
#include "os/shared_memory.h"

namespace preforkd::auth_digest {

// What a request shows: a nonce, by the moment that it was made of, and how often the client says
// it has used it.
struct NonceUse {
    std::int64_t nonce = 0;
    std::uint64_t count = 0;
    bool once = false; // whether one use is all that is allowed
};

// Made before the fork. It lies in small buckets with a lock each, and holds no pointers: a child
// that is killed while it writes spoils one entry at most, and its lock is free again. A lock that
// is not free soon counts as a client that is not known.
class ClientTable {
  public:
    static Result<ClientTable> create(std::size_t size);

    // A number that no client had before, from 1 on; nothing without a lock. `renewed`: for a
    // client that had one, which is not known any more.
    struct Added {
        std::uint32_t client = 0;
        bool replaced_another = false;
    };
    std::optional<Added> add(bool renewed, std::int64_t now);

    bool knows(std::uint32_t client, std::int64_t now);

    // Notes the use where it is a further one; of two equal ones, whoever sends them, one is new.
    enum class Answer { is_new, was_used, unknown_client };
    struct Noted {
        Answer answer = Answer::unknown_client;
        std::uint64_t last_count = 0; // before this use
    };
    Noted note(std::uint32_t client, const NonceUse& use, std::int64_t now);

    // For a nonce that is good once: now, or a little later where another child was told the same.
    // Never back, whatever becomes of the clock.
    std::int64_t next_moment(std::int64_t now);

    std::size_t size() const { return size_; }
    // Since it was made.
    struct Figures {
        std::uint64_t added = 0, renewed = 0, removed = 0;
    };
    Figures figures() const;

  private:
    struct Header;
    struct Entry {
        std::uint32_t client = 0; // 0: free
        std::int64_t newest = 0;  // nonce that was used, 0 for none
        std::uint64_t count = 0;  // of that
        std::int64_t seen = 0;
    };

    ClientTable(std::size_t size, SharedMemory memory, ProcessLocks locks);
    Header& header() const;
    std::size_t bucket_of(std::uint32_t client) const { return client % buckets_; }
    std::span<Entry> entries_for(std::uint32_t client) const;
    // What `work` answers about the client's entry, locked meanwhile; `otherwise` if there is none.
    template <class Outcome, class Work>
    Outcome with_entry(std::uint32_t client, std::int64_t now, Outcome otherwise, Work work) const;

    std::size_t size_, buckets_, entries_per_bucket_;
    SharedMemory memory_;
    ProcessLocks locks_;
};

} // namespace preforkd::auth_digest
