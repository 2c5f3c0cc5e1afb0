// The keys of session tickets: the client keeps its own session, sealed with a key that all
// children have (Apache: SSLSessionTickets, SSLSessionTicketKeyFile).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "os/shared_file.h"

struct ssl_ctx_st;

namespace preforkd::net {

struct TicketKey {
    std::array<unsigned char, 16> name; // stands in the ticket, for all to read
    std::array<unsigned char, 32> authentication;
    std::array<unsigned char, 32> encryption;
    std::size_t size; // how much of the two counts: 16 from a file, 32 otherwise
};

class TlsTicketKeys {
  public:
    // A new key seals tickets for so long; for as long again its tickets are accepted. Seconds.
    static constexpr std::int64_t lifetime = 12 * 3600;

    // Random keys in memory that the control process writes and children read. Times are seconds
    // since 1970.
    static Result<std::unique_ptr<TlsTicketKeys>> make_random(std::int64_t now);
    // One key that never changes, from a file of 48 bytes: name, key of HMAC-SHA256, key of
    // AES-128-CBC. Servers with the same file take each other's tickets. Fails with a line for the
    // error log.
    static Result<std::unique_ptr<TlsTicketKeys>> read(const std::string& path);
    ~TlsTicketKeys();

    // In the control process, now and then and at a restart: replaces a random key that has served
    // its time. Children see the new one at once.
    void renew_if_old(std::int64_t now);
    // In a child: from now on it can only read the keys.
    Status only_read();

    // Requires: the keys outlive the context.
    void seal_tickets_of(ssl_ctx_st* context) const;

    // The key for new tickets.
    const TicketKey& newest() const;
    // The key with this name, as long as its tickets are accepted, or nullptr.
    const TicketKey* find(const unsigned char* name) const;

  private:
    // A key is replaced long after it was the newest, so that nobody still reads it.
    static constexpr std::uint64_t kept = 4;
    struct Keys {
        std::atomic<std::uint64_t> count; // made so far
        std::array<TicketKey, kept> ring;
    };

    TlsTicketKeys(std::unique_ptr<Keys> own, std::unique_ptr<SharedFile> shared);
    void add_random_key(std::int64_t now);

    std::unique_ptr<Keys> own_; // of a file; or
    std::unique_ptr<SharedFile> shared_;
    Keys& keys_;
    std::int64_t made_at_ = 0; // the newest; known to the control process
};

} // namespace preforkd::net
