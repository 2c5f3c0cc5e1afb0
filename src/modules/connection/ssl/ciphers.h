// SSLCipherSuite [protocol] ciphers: lists in OpenSSL's words, one up to TLS 1.2 and one for TLS
// 1.3.
#pragma once

#include <string>

#include "config/directive.h"

namespace preforkd::ssl {

struct CipherChoice {
    bool for_tls_1_3 = false;
    std::string ciphers;
};

Result<CipherChoice> parse_ciphers(config::Arguments words);

// Whatever a list says: no cipher without encryption, without authentication, or weak by law.
std::string without_useless_ciphers(const std::string& ciphers);

} // namespace preforkd::ssl
