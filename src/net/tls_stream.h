// A connection that speaks TLS, as a Stream around the one that carries it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/tls_context.h"
#include "os/stream.h"

struct bio_st;
struct ssl_st;
struct x509_store_ctx_st;

namespace preforkd::net {

// The context of the host that a client asks for (SNI); nullptr where there is none of that name.
using ChooseHost = std::function<const TlsContext*(std::string_view name)>;
// By when the next bytes of a handshake must come, after so many have come.
using HandshakePace = std::function<Deadline(std::size_t received)>;

class TlsStream final : public Stream {
  public:
    // How a handshake ends. A client that speaks HTTP instead can be answered: from then on the
    // stream writes plain text.
    enum class Opening : unsigned char { done, plain_http, closed, timed_out, failed };

    // Carrier and contexts outlive the stream. `context` is the one of the address, for clients
    // that name no host.
    TlsStream(Stream& carrier, const TlsContext& context, ChooseHost choose);
    ~TlsStream() override;

    Opening shake_hands(const HandshakePace& pace);
    // Why it failed, a line for each of OpenSSL's errors.
    const std::string& failure() const { return failure_; }

    Result<std::size_t> read(std::span<char> into, Deadline deadline) override;
    using Stream::write;
    Status write(std::string_view first, std::string_view second, Duration stall,
                 bool more = false) override;
    Status send_file(int file, off_t& offset, std::size_t length, Duration stall) override;
    void conclude() override;
    void shut_down_writing() override;
    bool has_buffered_input() const override;
    int descriptor() const override;

    // The context that the client chose by a name, else the address's.
    const TlsContext& context() const { return *context_; }
    // The host name that the client sent, whether there is such a host or not; empty for none.
    std::string_view requested_name() const { return requested_name_; }

    // What the client is asked for now.
    ClientVerification verification() const { return verification_; }
    int verification_depth() const { return depth_; }
    // Asks the client for a certificate in the midst of the connection: by renegotiation up to
    // TLS 1.2, in which the cipher is agreed on anew, too; else by RFC 8446 §4.6.2. EOPNOTSUPP: the
    // client cannot be asked; EPROTO: it failed.
    // Requires: the client has nothing else to say before it is answered.
    Status verify_client(ClientVerification verification, int depth, Deadline deadline);
    bool has_client_certificate() const;
    // Whether the certificate is good; one that was let pass for optional_no_ca is not.
    bool is_client_verified() const;
    // Why a client's certificate was refused, in Apache's words; empty where none was.
    const std::string& certificate_fault() const { return certificate_fault_; }

    // TLS 1.3 agrees on its cipher once and for all, and asks for certificates in another way.
    bool can_renegotiate() const;
    // What may be agreed on from now on, in OpenSSL's words. Answers whether these are others than
    // before; fails where OpenSSL knows none of them.
    Result<bool> permit_ciphers(const std::string& ciphers);
    bool is_cipher_permitted() const;

    // What OpenSSL knows of the connection; for net/tls_* only.
    ssl_st* native() const { return tls_.get(); }

    // Callbacks of OpenSSL that belong to every context; private to net/.
    static void prepare(ssl_ctx_st* context);
    static int judge_certificate(int so_far, x509_store_ctx_st* judged);

  private:
    struct Free {
        void operator()(ssl_st* tls) const;
    };
    struct Carrier; // what OpenSSL calls a BIO

    Opening give_up_handshake();
    void choose_host();
    Status collect(std::string_view bytes);
    Status send_collected();
    Status seal(std::string_view bytes);
    Status flush(Duration stall);
    Error explain(std::string_view what, int outcome);
    Status await_handshake();
    void use_context(const TlsContext& context);

    Stream& carrier_;
    const TlsContext* context_;
    ChooseHost choose_;
    ClientVerification verification_;
    int depth_; // of certificates between the client's and an authority's
    std::unique_ptr<ssl_st, Free> tls_;
    Deadline deadline_ = Deadline::at({}); // of the read at hand
    const HandshakePace* pace_ = nullptr;  // during the handshake
    std::size_t received_ = 0;             // in it
    Duration stall_{};                     // of the last write
    int carrier_error_ = 0;                // errno of what failed below
    bool carrier_ended_ = false;           // the client sends nothing more
    bool plain_ = false;
    bool named_ = false; // the client asked for a host that there is
    int let_pass_ = 0;   // what optional_no_ca forgave
    std::string requested_name_;
    std::string ciphers_; // that permit_ciphers() has set
    std::string clear_;   // not encrypted yet: it shares a record with what follows
    std::string sealed_;  // encrypted, and not sent yet
    std::string failure_, certificate_fault_;
};

} // namespace preforkd::net
