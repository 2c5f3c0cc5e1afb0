#include "modules/access/auth_digest/client_table.h"

#include <algorithm>
#include <atomic>
#include <new>

namespace preforkd::auth_digest {

namespace {

// Few enough to look through, and enough that who was seen last long ago can be told.
constexpr std::size_t usual_bucket = 8;

class HeldLock {
  public:
    HeldLock(const ProcessLocks& locks, std::size_t number)
        : locks_(locks), number_(static_cast<int>(number)), is_held_(locks.lock(number_)) {}
    ~HeldLock() {
        if (is_held_) locks_.unlock(number_);
    }
    HeldLock(const HeldLock&) = delete;
    HeldLock& operator=(const HeldLock&) = delete;
    explicit operator bool() const { return is_held_; }

  private:
    const ProcessLocks& locks_;
    int number_;
    bool is_held_;
};

bool is_further(const NonceUse& use, std::int64_t newest, std::uint64_t count) {
    if (use.nonce != newest) return use.nonce > newest;
    return !use.once && use.count > count;
}

} // namespace

// In front of the buckets.
struct ClientTable::Header {
    std::atomic<std::uint32_t> last_client{0};
    std::atomic<std::int64_t> last_moment{0};
    std::atomic<std::uint64_t> added{0}, renewed{0}, removed{0};
};

Result<ClientTable> ClientTable::create(std::size_t size) {
    auto memory = SharedMemory::create(sizeof(Header) + std::max(size, sizeof(Entry)));
    if (!memory) return memory.error();
    new (memory->address()) Header;
    auto locks = ProcessLocks::create();
    if (!locks) return locks.error();
    return ClientTable(size, std::move(*memory), std::move(*locks));
}

ClientTable::ClientTable(std::size_t size, SharedMemory memory, ProcessLocks locks)
    : size_(size), memory_(std::move(memory)), locks_(std::move(locks)) {
    const std::size_t entries = std::max<std::size_t>(size / sizeof(Entry), 1);
    buckets_ = std::max<std::size_t>(entries / usual_bucket, 1);
    entries_per_bucket_ = entries / buckets_;
}

std::optional<ClientTable::Added> ClientTable::add(bool renewed, std::int64_t now) {
    std::uint32_t client = ++header().last_client;
    if (client == 0) client = ++header().last_client;
    const HeldLock lock(locks_, bucket_of(client));
    if (!lock) return std::nullopt;
    const auto entries = entries_for(client);
    auto& entry =
        *std::min_element(entries.begin(), entries.end(), [](const Entry& one, const Entry& other) {
            if (one.client == 0 || other.client == 0) return one.client < other.client;
            return one.seen < other.seen;
        });
    const bool replaces = entry.client != 0;
    entry = {client, 0, 0, now};
    ++header().added;
    if (renewed) ++header().renewed;
    if (replaces) ++header().removed;
    return Added{client, replaces};
}

bool ClientTable::knows(std::uint32_t client, std::int64_t now) {
    return with_entry(client, now, false, [](Entry&) { return true; });
}

ClientTable::Noted ClientTable::note(std::uint32_t client, const NonceUse& use, std::int64_t now) {
    return with_entry(client, now, Noted{}, [&](Entry& entry) {
        const auto last_count = entry.count;
        if (!is_further(use, entry.newest, entry.count)) return Noted{Answer::was_used, last_count};
        entry.newest = use.nonce;
        entry.count = use.count;
        return Noted{Answer::is_new, last_count};
    });
}

std::int64_t ClientTable::next_moment(std::int64_t now) {
    auto& last = header().last_moment;
    std::int64_t before = last, next = 0;
    do {
        next = std::max(now, before + 1);
    } while (!last.compare_exchange_weak(before, next));
    return next;
}

ClientTable::Figures ClientTable::figures() const {
    return {header().added, header().renewed, header().removed};
}

ClientTable::Header& ClientTable::header() const {
    return *static_cast<Header*>(memory_.address());
}

std::span<ClientTable::Entry> ClientTable::entries_for(std::uint32_t client) const {
    auto* const behind_header = static_cast<char*>(memory_.address()) + sizeof(Header);
    auto* const entries = reinterpret_cast<Entry*>(behind_header);
    return {entries + bucket_of(client) * entries_per_bucket_, entries_per_bucket_};
}

template <class Outcome, class Work>
Outcome ClientTable::with_entry(std::uint32_t client, std::int64_t now, Outcome otherwise,
                                Work work) const {
    if (client == 0) return otherwise;
    const HeldLock lock(locks_, bucket_of(client));
    if (!lock) return otherwise;
    for (auto& entry : entries_for(client)) {
        if (entry.client != client) continue;
        entry.seen = now;
        return work(entry);
    }
    return otherwise;
}

} // namespace preforkd::auth_digest
