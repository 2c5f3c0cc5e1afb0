// What a certificate's file says, for whoever checks it before a client does.
#pragma once

#include <ctime>
#include <string>

#include "base/result.h"

namespace preforkd::net {

struct CertificateFile {
    std::time_t valid_from = 0;
    std::time_t valid_until = 0;
    bool is_authority = false; // BasicConstraints CA: meant to sign others, not to be a server's
    bool names_host = false;   // the host that was asked about
};

// The first certificate in a file. Fails where there is none, or it cannot be read.
Result<CertificateFile> read_certificate_file(const std::string& file, const std::string& host);

// Whether the private key in `key_file` belongs to that certificate. One that needs a pass phrase
// is not asked for it, and believed.
bool key_belongs_to(const std::string& key_file, const std::string& certificate_file);

} // namespace preforkd::net
