#include "net/tls_commands.h"

#include <memory>
#include <openssl/ssl.h>

namespace preforkd::net {

TlsCommandValue tls_command_value(const std::string& name) {
    const std::unique_ptr<SSL_CONF_CTX, decltype(&SSL_CONF_CTX_free)> commands(SSL_CONF_CTX_new(),
                                                                               SSL_CONF_CTX_free);
    SSL_CONF_CTX_set_flags(commands.get(),
                           SSL_CONF_FLAG_FILE | SSL_CONF_FLAG_SERVER | SSL_CONF_FLAG_CERTIFICATE);
    switch (SSL_CONF_cmd_value_type(commands.get(), name.c_str())) {
    case SSL_CONF_TYPE_UNKNOWN: return TlsCommandValue::unknown_command;
    case SSL_CONF_TYPE_FILE: return TlsCommandValue::file;
    case SSL_CONF_TYPE_DIR: return TlsCommandValue::folder;
    default: return TlsCommandValue::text;
    }
}

} // namespace preforkd::net
