// Whether a certificate is for a host. Private to net/.
#pragma once

#include <string>

struct x509_st;

namespace preforkd::net {

// By its names, or its common name, as Apache looks at them: "*.lan" is for all whose first label
// it replaces (OpenSSL wants two dots behind the star). Or by its addresses.
bool is_for_host(x509_st* certificate, const std::string& host);

} // namespace preforkd::net
