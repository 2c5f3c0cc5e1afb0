#include "net/tls_facts.h"

#include <fmt/format.h>
#include <iterator>
#include <openssl/ssl.h>

namespace preforkd::net {

namespace {

constexpr int weakest_key_bits = 56; // of a cipher that was not for export

std::string_view number_text(long number, Arena& arena) {
    const fmt::format_int text(number);
    return arena.copy({text.data(), text.size()});
}

struct KeyBits {
    int used = 0, possible = 0;
};

KeyBits key_bits(const TlsStream& stream) {
    KeyBits bits;
    if (const auto* cipher = SSL_get_current_cipher(stream.native()))
        bits.used = SSL_CIPHER_get_bits(cipher, &bits.possible);
    return bits;
}

} // namespace

std::string_view tls_protocol(const TlsStream& stream, Arena&) {
    return SSL_get_version(stream.native());
}

std::string_view tls_cipher(const TlsStream& stream, Arena&) {
    return SSL_get_cipher_name(stream.native());
}

std::string_view tls_cipher_export(const TlsStream& stream, Arena&) {
    return key_bits(stream).used < weakest_key_bits ? "true" : "false";
}

std::string_view tls_key_bits_used(const TlsStream& stream, Arena& arena) {
    return number_text(key_bits(stream).used, arena);
}

std::string_view tls_key_bits_possible(const TlsStream& stream, Arena& arena) {
    return number_text(key_bits(stream).possible, arena);
}

// There is never any: see TlsContext.
std::string_view tls_compression(const TlsStream&, Arena&) { return "NULL"; }

std::string_view tls_session_id(const TlsStream& stream, Arena& arena) {
    const SSL_SESSION* session = SSL_get_session(stream.native());
    if (!session) return {};
    unsigned size = 0;
    const unsigned char* id = SSL_SESSION_get_id(session, &size);
    fmt::memory_buffer text;
    for (unsigned i = 0; i < size; ++i) fmt::format_to(std::back_inserter(text), "{:02x}", id[i]);
    return arena.copy({text.data(), text.size()});
}

std::string_view tls_session_origin(const TlsStream& stream, Arena&) {
    return SSL_session_reused(stream.native()) == 1 ? "Resumed" : "Initial";
}

std::string_view tls_secure_renegotiation(const TlsStream& stream, Arena&) {
    return SSL_get_secure_renegotiation_support(stream.native()) == 1 ? "true" : "false";
}

std::string_view tls_requested_name(const TlsStream& stream, Arena&) {
    return stream.requested_name();
}

std::string_view tls_client_verdict(const TlsStream& stream, Arena& arena) {
    const long verdict = SSL_get_verify_result(stream.native());
    if (verdict == X509_V_OK) return client_certificate(stream) ? "SUCCESS" : "NONE";
    // Let pass by optional_no_ca, which Apache calls so up to TLS 1.2 only.
    if (SSL_version(stream.native()) < TLS1_3_VERSION) return "GENEROUS";
    return arena.join({"FAILED:", X509_verify_cert_error_string(verdict)});
}

CertificateView client_certificate(const TlsStream& stream) {
    return CertificateView(SSL_get0_peer_certificate(stream.native()));
}

CertificateView server_certificate(const TlsStream& stream) {
    return CertificateView(SSL_get_certificate(stream.native()));
}

CertificateView client_chain_certificate(const TlsStream& stream, unsigned place) {
    const auto* chain = SSL_get_peer_cert_chain(stream.native());
    const auto size = static_cast<unsigned>(chain ? sk_X509_num(chain) : 0);
    return CertificateView(place < size ? sk_X509_value(chain, static_cast<int>(place)) : nullptr);
}

} // namespace preforkd::net
