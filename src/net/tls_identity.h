// Certificates and keys of a host. Private to net/.
#pragma once

#include "net/tls_context.h"

namespace preforkd::net {

// Reads every certificate with its chain and its key, and what else a certificate's file holds for
// key exchange (Apache: SSLCertificateFile, SSLCertificateKeyFile, SSLCertificateChainFile).
Status use_certificates(ssl_ctx_st* context, const TlsSettings& settings, const UnlockKey& unlock);

} // namespace preforkd::net
