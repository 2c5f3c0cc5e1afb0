// A certificate in words, for the error log. Private to net/.
#pragma once

#include <openssl/types.h>
#include <string>

namespace preforkd::net {

// "32A95F68", as long as it is
std::string serial_number(const X509* certificate);
// "subject: CN=localhost / issuer: CN=CA / serial: 1234 / notbefore: Nov 26 06:19:33 2026 GMT /
// notafter: …"
std::string describe_certificate(const X509* certificate);

} // namespace preforkd::net
