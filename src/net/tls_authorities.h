// Whom client certificates may come from. Private to net/.
#pragma once

#include <string_view>

#include "base/result.h"
#include "net/tls_settings.h"

struct ssl_ctx_st;

namespace preforkd::net {

// Apache: SSLCACertificate…, SSLCADNRequest…, SSLCARevocation….
// `prefix` is what the directives begin with: "SSL", or "SSLProxy" of a context of requests.
Status use_authorities(ssl_ctx_st* context, const TlsSettings& settings, std::string_view prefix);

// Whether what OpenSSL finds wrong (X509_V_ERR_…) counts for nothing: a list that may lack, or with
// optional_no_ca that nobody here trusts who has signed.
bool is_forgiven(int error, ClientVerification verification, bool lists_may_lack);
// For a context of requests: judges the other servers' certificates (SSLProxyVerify). `settings`
// outlive it.
void judge_servers(ssl_ctx_st* context, const TlsSettings& settings);

// The bits of SSL_set_verify(3).
int verification_mode(ClientVerification verification);

} // namespace preforkd::net
