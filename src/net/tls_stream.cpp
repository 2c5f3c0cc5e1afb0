#include "net/tls_stream.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <set>
#include <tuple>
#include <utility>

#include "net/tls_authorities.h"
#include "net/tls_client_hello.h"
#include "net/tls_error.h"
#include "os/file.h"

namespace preforkd::net {

namespace {

constexpr std::size_t longest_record = SSL3_RT_MAX_PLAIN_LENGTH;
// Sealed records that leave together.
constexpr std::size_t most_sealed = 64 * 1024;

TlsStream& stream_of(const SSL* tls) { return *static_cast<TlsStream*>(SSL_get_app_data(tls)); }

bool speaks_http(unsigned long error) {
    return ERR_GET_LIB(error) == ERR_LIB_SSL &&
           (ERR_GET_REASON(error) == SSL_R_HTTP_REQUEST ||
            ERR_GET_REASON(error) == SSL_R_HTTPS_PROXY_REQUEST);
}

// Names the one protocol that is spoken here (RFC 7301); a client that does not know it is served
// all the same.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length,
                    const unsigned char* offered, unsigned offered_length, void*) {
    static constexpr unsigned char ours[] = "\x08http/1.1";
    unsigned char* found = nullptr;
    const int outcome =
        SSL_select_next_proto(&found, length, ours, sizeof ours - 1, offered, offered_length);
    *chosen = found;
    return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

std::set<std::uint32_t> permitted_ciphers(const SSL* tls) {
    std::set<std::uint32_t> ids;
    const auto* list = SSL_get_ciphers(tls);
    for (int i = 0; i < sk_SSL_CIPHER_num(list); ++i)
        ids.insert(SSL_CIPHER_get_id(sk_SSL_CIPHER_value(list, i)));
    return ids;
}

} // namespace

// OpenSSL reads from and writes to the stream below through these.
struct TlsStream::Carrier {
    static int read(BIO* bio, char* into, std::size_t size, std::size_t* count) {
        auto& self = *static_cast<TlsStream*>(BIO_get_data(bio));
        BIO_clear_retry_flags(bio);
        *count = 0;
        // The client may be waiting for what lies here before it says more.
        if (auto sent = self.flush(self.stall_); !sent) return fail(self, sent.error());
        if (self.pace_) self.deadline_ = (*self.pace_)(self.received_);
        auto received = self.carrier_.read({into, size}, self.deadline_);
        if (!received) {
            BIO_set_retry_read(bio);
            return fail(self, received.error());
        }
        *count = *received;
        self.received_ += *count;
        self.carrier_ended_ = *count == 0;
        return *count > 0 ? 1 : 0;
    }

    static int write(BIO* bio, const char* bytes, std::size_t size, std::size_t* count) {
        auto& self = *static_cast<TlsStream*>(BIO_get_data(bio));
        BIO_clear_retry_flags(bio);
        self.sealed_.append(bytes, size);
        *count = size;
        if (self.sealed_.size() < most_sealed) return 1;
        auto sent = self.flush(self.stall_);
        return sent ? 1 : fail(self, sent.error());
    }

    static long control(BIO* bio, int command, long, void*) {
        switch (command) {
        case BIO_CTRL_EOF: return static_cast<TlsStream*>(BIO_get_data(bio))->carrier_ended_;
        case BIO_CTRL_FLUSH: return 1; // done where somebody waits for it
        default: return 0;
        }
    }

    static int fail(TlsStream& self, const Error& error) {
        self.carrier_error_ = error.code != 0 ? error.code : EIO;
        return 0;
    }

    static const BIO_METHOD* method() {
        static BIO_METHOD* const made = [] {
            BIO_METHOD* fresh =
                BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "connection");
            BIO_meth_set_read_ex(fresh, read);
            BIO_meth_set_write_ex(fresh, write);
            BIO_meth_set_ctrl(fresh, control);
            return fresh;
        }();
        return made;
    }
};

void TlsStream::Free::operator()(ssl_st* tls) const { SSL_free(tls); }

TlsStream::TlsStream(Stream& carrier, const TlsContext& context, ChooseHost choose)
    : carrier_(carrier), context_(&context), choose_(std::move(choose)),
      verification_(context.settings().verification), depth_(context.settings().verification_depth),
      tls_(SSL_new(context.native())) {
    BIO* bio = BIO_new(Carrier::method());
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(tls_.get(), bio, bio);
    SSL_set_app_data(tls_.get(), this);
    SSL_set_accept_state(tls_.get());
}

TlsStream::~TlsStream() = default;

void TlsStream::prepare(ssl_ctx_st* context) {
    Carrier::method();
    SSL_CTX_set_client_hello_cb(
        context,
        [](SSL* tls, int*, void*) {
            stream_of(tls).choose_host();
            return SSL_CLIENT_HELLO_SUCCESS;
        },
        nullptr);
    // Tells the client whether its name was known; the host was chosen before.
    SSL_CTX_set_tlsext_servername_callback(
        context, +[](SSL* tls, int*, void*) {
            return stream_of(tls).named_ ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
        });
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

TlsStream::Opening TlsStream::shake_hands(const HandshakePace& pace) {
    pace_ = &pace;
    stall_ = pace(0).remaining();
    ERR_clear_error();
    // A new connection deserves its answer, also from a child that is told to leave.
    int outcome = 0;
    do {
        carrier_error_ = 0;
        outcome = SSL_accept(tls_.get());
    } while (outcome != 1 && carrier_error_ == EINTR);
    pace_ = nullptr;
    return outcome == 1 ? Opening::done : give_up_handshake();
}

TlsStream::Opening TlsStream::give_up_handshake() {
    if (speaks_http(ERR_peek_error())) {
        ERR_clear_error();
        sealed_.clear();
        plain_ = true;
        return Opening::plain_http;
    }
    failure_ = take_tls_errors();
    static_cast<void>(flush(stall_)); // an alert tells the client why
    if (carrier_error_ == ETIMEDOUT) return Opening::timed_out;
    return carrier_error_ != 0 || carrier_ended_ ? Opening::closed : Opening::failed;
}

// Before anything of the handshake is decided, so that the host's versions count too. Who
// renegotiates stays with the host, by whatever name: another's authorities do not count here.
void TlsStream::choose_host() {
    const bool is_first_handshake = pace_ != nullptr;
    if (!is_first_handshake) return;
    const unsigned char* bytes = nullptr;
    std::size_t size = 0;
    if (SSL_client_hello_get0_ext(tls_.get(), TLSEXT_TYPE_server_name, &bytes, &size) != 1) return;
    const auto name = requested_host({bytes, size});
    if (!name) return;
    requested_name_ = *name;
    const TlsContext* chosen = choose_(*name);
    named_ = chosen != nullptr;
    if (chosen && chosen != context_) use_context(*chosen);
}

void TlsStream::use_context(const TlsContext& context) {
    context_ = &context;
    verification_ = context.settings().verification;
    depth_ = context.settings().verification_depth;
    SSL* tls = tls_.get();
    SSL_CTX* native = context.native();
    SSL_set_SSL_CTX(tls, native);
    SSL_clear_options(tls, SSL_get_options(tls));
    SSL_set_options(tls, SSL_CTX_get_options(native));
    SSL_set_min_proto_version(tls, static_cast<int>(SSL_CTX_get_min_proto_version(native)));
    SSL_set_max_proto_version(tls, static_cast<int>(SSL_CTX_get_max_proto_version(native)));
    SSL_set_verify(tls, SSL_CTX_get_verify_mode(native), judge_certificate);
    const auto& ciphers = context.settings().ciphers_1_3;
    if (!ciphers.empty()) SSL_set_ciphersuites(tls, ciphers.c_str());
}

Result<std::size_t> TlsStream::read(std::span<char> into, Deadline deadline) {
    if (plain_) return carrier_.read(into, deadline);
    deadline_ = deadline;
    carrier_error_ = 0;
    std::size_t count = 0;
    ERR_clear_error();
    const int outcome = SSL_read_ex(tls_.get(), into.data(), into.size(), &count);
    if (outcome == 1) return count;
    if (SSL_get_error(tls_.get(), outcome) == SSL_ERROR_ZERO_RETURN) return std::size_t{0};
    return explain("read", outcome);
}

Status TlsStream::write(std::string_view first, std::string_view second, Duration stall,
                        bool more) {
    if (plain_) return carrier_.write(first, second, stall, more);
    stall_ = stall;
    for (const auto part : {first, second})
        if (auto collected = collect(part); !collected) return collected;
    return more ? Status() : send_collected();
}

// Full records are sealed, what is left waits for more.
Status TlsStream::collect(std::string_view bytes) {
    while (clear_.size() + bytes.size() >= longest_record) {
        const auto taken = longest_record - clear_.size();
        if (clear_.empty()) {
            if (auto sealed = seal(bytes.substr(0, taken)); !sealed) return sealed;
        } else {
            clear_.append(bytes.substr(0, taken));
            if (auto sealed = seal(clear_); !sealed) return sealed;
            clear_.clear();
        }
        bytes.remove_prefix(taken);
    }
    clear_.append(bytes);
    return {};
}

Status TlsStream::send_file(int file, off_t& offset, std::size_t length, Duration stall) {
    if (plain_) return carrier_.send_file(file, offset, length, stall);
    stall_ = stall;
    while (length > 0) {
        const auto before = clear_.size();
        const auto wanted = std::min(length, longest_record - before);
        clear_.resize(before + wanted);
        const auto count = read_at(file, clear_.data() + before, wanted, offset);
        if (!count) return count.error();
        if (*count == 0) return Error{"file became shorter while it was sent", EIO};
        clear_.resize(before + *count);
        length -= *count;
        offset += static_cast<off_t>(*count);
        if (clear_.size() < longest_record && length > 0) continue;
        if (auto sealed = seal(clear_); !sealed) return sealed;
        clear_.clear();
    }
    return flush(stall_);
}

Status TlsStream::send_collected() {
    if (!clear_.empty()) {
        if (auto sealed = seal(clear_); !sealed) return sealed;
        clear_.clear();
    }
    return flush(stall_);
}

Status TlsStream::seal(std::string_view bytes) {
    carrier_error_ = 0;
    ERR_clear_error();
    std::size_t count = 0;
    const int outcome = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &count);
    return outcome == 1 ? Status() : explain("write", outcome);
}

Status TlsStream::flush(Duration stall) {
    if (sealed_.empty()) return {};
    auto sent = carrier_.write(sealed_, {}, stall);
    sealed_.clear();
    return sent;
}

void TlsStream::conclude() {
    if (plain_ || !SSL_is_init_finished(tls_.get())) return;
    ERR_clear_error();
    SSL_shutdown(tls_.get());
    static_cast<void>(flush(stall_)); // a client that has gone misses nothing
}

void TlsStream::shut_down_writing() { carrier_.shut_down_writing(); }

int TlsStream::descriptor() const { return carrier_.descriptor(); }

bool TlsStream::has_buffered_input() const {
    return plain_ ? carrier_.has_buffered_input() : SSL_has_pending(tls_.get()) == 1;
}

Error TlsStream::explain(std::string_view what, int outcome) {
    if (carrier_error_ != 0) {
        ERR_clear_error();
        return Error{std::string(what) + " connection", carrier_error_};
    }
    if (SSL_get_error(tls_.get(), outcome) == SSL_ERROR_SYSCALL)
        return Error{std::string(what) + " connection", ECONNRESET};
    failure_ = take_tls_errors();
    return Error{failure_, EPROTO};
}

Status TlsStream::verify_client(ClientVerification verification, int depth, Deadline deadline) {
    SSL* tls = tls_.get();
    const auto before = std::pair(verification_, depth_);
    verification_ = verification;
    depth_ = depth;
    deadline_ = deadline;
    stall_ = deadline.remaining();
    SSL_set_verify(tls, verification_mode(verification), judge_certificate);
    ERR_clear_error();
    let_pass_ = X509_V_OK; // the next certificate is judged by itself
    const bool is_1_3 = SSL_version(tls) == TLS1_3_VERSION;
    if (!is_1_3) SSL_clear_options(tls, SSL_OP_NO_RENEGOTIATION);
    const int asked = is_1_3 ? SSL_verify_client_post_handshake(tls) : SSL_renegotiate(tls);
    auto done = asked == 1 ? await_handshake() : Status(Error{take_tls_errors(), EOPNOTSUPP});
    SSL_set_options(tls, SSL_OP_NO_RENEGOTIATION);
    if (!done) std::tie(verification_, depth_) = before;
    return done;
}

// The request for a certificate leaves, and the answer is read: without reading on when it is
// complete, as OpenSSL would (SSL_MODE_AUTO_RETRY), because the client waits for us then. So
// OpenSSL wants to read while nothing is wrong with the carrier once the answer is there.
Status TlsStream::await_handshake() {
    SSL* tls = tls_.get();
    SSL_clear_mode(tls, SSL_MODE_AUTO_RETRY);
    int outcome = SSL_do_handshake(tls);
    if (outcome == 1) {
        char unused = 0;
        std::size_t nothing = 0;
        do {
            carrier_error_ = 0;
            outcome = SSL_peek_ex(tls, &unused, 0, &nothing);
        } while (outcome != 1 && carrier_error_ == EINTR);
    }
    SSL_set_mode(tls, SSL_MODE_AUTO_RETRY);
    if (outcome == 1) return Error{"the client sent something else", EPROTO};
    if (carrier_error_ == 0 && SSL_get_error(tls, outcome) == SSL_ERROR_WANT_READ) return {};
    auto error = explain("read", outcome);
    static_cast<void>(flush(stall_)); // an alert
    return error;
}

bool TlsStream::has_client_certificate() const { return SSL_get0_peer_certificate(tls_.get()); }

bool TlsStream::is_client_verified() const {
    return SSL_get_verify_result(tls_.get()) == X509_V_OK;
}

bool TlsStream::can_renegotiate() const { return SSL_version(tls_.get()) < TLS1_3_VERSION; }

Result<bool> TlsStream::permit_ciphers(const std::string& ciphers) {
    if (ciphers == ciphers_) return false;
    const auto before = permitted_ciphers(tls_.get());
    ERR_clear_error();
    if (SSL_set_cipher_list(tls_.get(), ciphers.c_str()) != 1)
        return Error{take_tls_errors(), EPROTO};
    ciphers_ = ciphers;
    return permitted_ciphers(tls_.get()) != before;
}

bool TlsStream::is_cipher_permitted() const {
    const auto* used = SSL_get_current_cipher(tls_.get());
    const auto* list = SSL_get_ciphers(tls_.get());
    for (int i = 0; used && i < sk_SSL_CIPHER_num(list); ++i)
        if (SSL_CIPHER_get_id(sk_SSL_CIPHER_value(list, i)) == SSL_CIPHER_get_id(used)) return true;
    return false;
}

// Called for each certificate of the client's chain, from the authority's down.
int TlsStream::judge_certificate(int so_far, x509_store_ctx_st* judged) {
    auto* tls =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(judged, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto& self = stream_of(tls);
    if (so_far != 1) {
        const int error = X509_STORE_CTX_get_error(judged);
        if (!is_forgiven(error, self.verification_,
                         self.context_->settings().revocations_may_lack)) {
            self.certificate_fault_ =
                fmt::format("AH02039: Certificate Verification: Error ({}): {}", error,
                            X509_verify_cert_error_string(error));
            return 0;
        }
        // What optional_no_ca lets pass stays noted, in the session too; a list that may lack does
        // not.
        if (error != X509_V_ERR_UNABLE_TO_GET_CRL) self.let_pass_ = error;
        X509_STORE_CTX_set_error(judged, self.let_pass_);
    }
    const int depth = X509_STORE_CTX_get_error_depth(judged);
    if (depth <= self.depth_) return 1;
    self.certificate_fault_ =
        fmt::format("AH02040: Certificate Verification: Certificate Chain too long (chain has {} "
                    "certificates, but maximum allowed are only {})",
                    depth, self.depth_);
    X509_STORE_CTX_set_error(judged, X509_V_ERR_CERT_CHAIN_TOO_LONG);
    return 0;
}

} // namespace preforkd::net
