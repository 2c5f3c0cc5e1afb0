// What is known of a connection that speaks TLS, as text (the values of mod_ssl's variables). It is
// put into the arena, or lives as long as the connection; "" where there is nothing to say.
#pragma once

#include <string_view>

#include "net/tls_certificate.h"
#include "net/tls_stream.h"

namespace preforkd::net {

std::string_view tls_protocol(const TlsStream& stream, Arena& arena);      // "TLSv1.3"
std::string_view tls_cipher(const TlsStream& stream, Arena& arena);        // OpenSSL's name
std::string_view tls_cipher_export(const TlsStream& stream, Arena& arena); // "false"
std::string_view tls_key_bits_used(const TlsStream& stream, Arena& arena);
std::string_view tls_key_bits_possible(const TlsStream& stream, Arena& arena);
std::string_view tls_compression(const TlsStream& stream, Arena& arena); // "NULL"
std::string_view tls_session_id(const TlsStream& stream, Arena& arena);
std::string_view tls_session_origin(const TlsStream& stream, Arena& arena); // "Initial", "Resumed"
std::string_view tls_secure_renegotiation(const TlsStream& stream, Arena& arena); // "true", "false"
std::string_view tls_requested_name(const TlsStream& stream, Arena& arena);       // SNI
// "NONE", "SUCCESS", "GENEROUS" or "FAILED:reason"
std::string_view tls_client_verdict(const TlsStream& stream, Arena& arena);

CertificateView client_certificate(const TlsStream& stream);
CertificateView server_certificate(const TlsStream& stream);
// What the client sent with its certificate, the next one first; none behind the last.
CertificateView client_chain_certificate(const TlsStream& stream, unsigned place);

} // namespace preforkd::net
