// Whether a password is the one that a password file keeps (apr_password_validate).
#pragma once

#include <string>
#include <string_view>

namespace preforkd {

// `kept` is what htpasswd(1) writes: bcrypt ($2y$…), Apache's MD5 ($apr1$…), SHA-1 ({SHA}…), or
// whatever the system's crypt(3) knows. Anything else matches nothing: there are no plain
// passwords.
bool password_matches(const std::string& password, std::string_view kept);

// What digest authentication keeps instead of a password: MD5 of user:realm:password, in
// hexadecimal digits (RFC 7616 §3.4.2).
std::string digest_of(std::string_view user, std::string_view realm, std::string_view password);

} // namespace preforkd
