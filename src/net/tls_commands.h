// The commands of SSL_CONF_cmd(3), by name (Apache: SSLOpenSSLConfCmd).
#pragma once

#include <string>

namespace preforkd::net {

// What a command's value is.
enum class TlsCommandValue : unsigned char { unknown_command, text, file, folder };

TlsCommandValue tls_command_value(const std::string& name);

} // namespace preforkd::net
