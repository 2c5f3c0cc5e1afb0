// A TLS client in memory, as the stream below a server's TlsStream: whatever the server waits for,
// the client works out at that moment.
#pragma once

#include <algorithm>
#include <cerrno>
#include <openssl/ssl.h>
#include <string>
#include <unistd.h>
#include <vector>

#include "os/stream.h"

namespace preforkd::testing {

class TlsPeer final : public Stream {
  public:
    TlsPeer() : context_(SSL_CTX_new(TLS_client_method())) {
        SSL_CTX_set_security_level(context_, 0);
        SSL_CTX_set_post_handshake_auth(context_, 1);
    }
    ~TlsPeer() override {
        SSL_free(tls_);
        SSL_CTX_free(context_);
    }

    // To be set up before the first byte.
    SSL_CTX* context() { return context_; }
    SSL* tls() {
        if (!tls_) {
            tls_ = SSL_new(context_);
            SSL_set_bio(tls_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
            SSL_set_connect_state(tls_);
        }
        return tls_;
    }

    // What the client says next; sent once the handshake is over.
    void say(std::string_view text) { to_say_.append(text); }
    // What it was told, decrypted.
    const std::string& heard() {
        work();
        return heard_;
    }
    bool was_told_goodbye() {
        work();
        return (SSL_get_shutdown(tls()) & SSL_RECEIVED_SHUTDOWN) != 0;
    }

    using Stream::write;
    Result<std::size_t> read(std::span<char> into, Deadline) override {
        work();
        const int count = BIO_read(SSL_get_wbio(tls()), into.data(), static_cast<int>(into.size()));
        if (count > 0) return static_cast<std::size_t>(count);
        return Error{"the client says nothing", ETIMEDOUT};
    }
    Status write(std::string_view first, std::string_view second, Duration, bool) override {
        for (const auto part : {first, second})
            if (!part.empty())
                BIO_write(SSL_get_rbio(tls()), part.data(), static_cast<int>(part.size()));
        sizes_of_writes.push_back(first.size() + second.size());
        return {};
    }
    Status send_file(int, off_t&, std::size_t, Duration) override {
        return Error{"nothing leaves in the clear", EINVAL};
    }
    void shut_down_writing() override {}

    std::vector<std::size_t> sizes_of_writes;

  private:
    void work() {
        if (!SSL_is_init_finished(tls()) && SSL_do_handshake(tls()) != 1) return;
        std::vector<char> piece(64 * 1024);
        for (int count;
             (count = SSL_read(tls(), piece.data(), static_cast<int>(piece.size()))) > 0;)
            heard_.append(piece.data(), static_cast<std::size_t>(count));
        if (!to_say_.empty() && SSL_is_init_finished(tls())) {
            SSL_write(tls(), to_say_.data(), static_cast<int>(to_say_.size()));
            to_say_.clear();
        }
    }

    SSL_CTX* context_;
    SSL* tls_ = nullptr;
    std::string to_say_, heard_;
};

} // namespace preforkd::testing
