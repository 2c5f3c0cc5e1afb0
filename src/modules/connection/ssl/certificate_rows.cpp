// Whom the server says it is: its certificates and their keys.
#include "modules/connection/ssl/file_arguments.h"
#include "modules/connection/ssl/ssl_directives.h"

namespace preforkd::ssl {

namespace {

using config::Arguments;
using config::Invocation;
using config::Shape;

// Several of them are several types of key.
template <auto Files>
Status add_file(SslServerSettings& settings, Arguments arguments, Invocation& invocation) {
    if (arguments[0].starts_with("pkcs11:"))
        return Error{std::string(invocation.directive.name) +
                     ": certificates and keys in tokens (pkcs11:) are not supported; name a file"};
    auto path = present_file(invocation, arguments[0]);
    if (!path) return path.error();
    (settings.*Files).push_back(std::move(*path));
    return {};
}

// Passwords instead of certificates (RFC 5054): to go on without would change who gets in.
Status refuse_srp(Invocation& invocation, Arguments arguments) {
    if (const auto path = present_file(invocation, arguments[0]); !path) return path.error();
    return Error{"SSLSRPVerifierFile: TLS-SRP is not supported, because OpenSSL gives it up; "
                 "remove the directive"};
}

} // namespace

Rows certificate_rows() {
    using config::edits;
    using S = SslServerSettings;
    return {
        server_row("SSLCertificateFile", Shape::one, edits<add_file<&S::certificate_files>>,
                   "SSL Server Certificate file ('/path/to/file' - PEM or DER encoded)"),
        server_row("SSLCertificateKeyFile", Shape::one, edits<add_file<&S::key_files>>,
                   "SSL Server Private Key file ('/path/to/file' - PEM or DER encoded)"),
        server_row("SSLCertificateChainFile", Shape::one, sets_file<&S::chain_file>,
                   "SSL Server CA Certificate Chain file ('/path/to/file' - PEM encoded)"),
        server_row("SSLSRPVerifierFile", Shape::one, refuse_srp,
                   "SRP verifier file ('/path/to/file' - created by srptool)"),
        server_row("SSLSRPUnknownUserSeed", Shape::one, config::accepted_for_later,
                   "SRP seed for unknown users (to avoid leaking a user's existence) "
                   "('some secret text')"),
    };
}

} // namespace preforkd::ssl
