// PEM files, and owners of what is read from them. Private to net/.
#pragma once

#include <memory>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string>

#include "base/result.h"

namespace preforkd::net {

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* owned) const {
        Free(owned);
    }
};
using UniqueBio = std::unique_ptr<BIO, Freed<BIO_free>>;
using UniqueCertificate = std::unique_ptr<X509, Freed<X509_free>>;
using UniqueKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

// Fails with the system's reason.
Result<UniqueBio> open_pem(const std::string& file);

} // namespace preforkd::net
