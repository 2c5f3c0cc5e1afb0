#include "net/tls_library.h"

#include <openssl/crypto.h>

namespace preforkd::net {

std::string tls_library() {
    return std::string("OpenSSL/") + OpenSSL_version(OPENSSL_VERSION_STRING);
}

} // namespace preforkd::net
