// Whom a client has to be: authorities, their revocation lists, and how far a chain may go.
#include "modules/connection/ssl/file_arguments.h"
#include "modules/connection/ssl/ssl_directives.h"
#include "modules/connection/ssl/verification.h"

namespace preforkd::ssl {

namespace {

using config::Arguments;
using config::Invocation;
using config::Shape;

// Authorities are a host's. Apache says why in sections, where their names are taken as well.
template <auto Field, auto Present>
Status set_authorities(Invocation& invocation, Arguments arguments) {
    auto path = Present(invocation, arguments[0]);
    if (!path) return path.error();
    if ((invocation.context & in_servers) == 0)
        return Error{"Your SSL library does not have support for per-directory CA"};
    invocation.server.server_settings.edit<SslServerSettings>().*Field = std::move(*path);
    return {};
}

Status set_revocation_check(SslServerSettings& settings, Arguments words, Invocation& invocation) {
    const auto choice = parse_revocation_check(invocation, words);
    if (!choice) return choice.error();
    settings.revocation_check = choice->check;
    settings.revocations_may_lack = choice->may_lack;
    return {};
}

Status set_verification(Invocation& invocation, Arguments arguments) {
    const auto verification = parse_verification(invocation, arguments[0]);
    if (!verification) return verification.error();
    edit_where_it_stands(invocation,
                         [&](auto& settings) { settings.verification = *verification; });
    return {};
}

Status set_depth(Invocation& invocation, Arguments arguments) {
    const auto depth = parse_depth(invocation, arguments[0]);
    if (!depth) return depth.error();
    edit_where_it_stands(invocation, [&](auto& settings) { settings.verification_depth = *depth; });
    return {};
}

constexpr config::Directive anywhere_row(std::string_view name, config::Apply apply,
                                         std::string_view usage) {
    return {name, Shape::one, config::anywhere, config::override_auth_config, apply, usage};
}

Rows authority_rows() {
    using S = SslServerSettings;
    return {
        anywhere_row("SSLCACertificatePath", set_authorities<&S::authority_folder, present_folder>,
                     "SSL CA Certificate path ('/path/to/dir' - contains PEM encoded files)"),
        anywhere_row("SSLCACertificateFile", set_authorities<&S::authority_file, present_file>,
                     "SSL CA Certificate file ('/path/to/file' - PEM encoded)"),
        server_row("SSLCADNRequestPath", Shape::one, sets_folder<&S::authority_name_folder>,
                   "SSL CA Distinguished Name path ('/path/to/dir' - symlink hashes to PEM of "
                   "acceptable CA names to request)"),
        server_row("SSLCADNRequestFile", Shape::one, sets_file<&S::authority_name_file>,
                   "SSL CA Distinguished Name file ('/path/to/file' - PEM encoded to derive "
                   "acceptable CA names to request)"),
        server_row("SSLCARevocationPath", Shape::one, sets_folder<&S::revocation_folder>,
                   "SSL CA Certificate Revocation List (CRL) path ('/path/to/dir' - contains PEM "
                   "encoded files)"),
        server_row("SSLCARevocationFile", Shape::one, sets_file<&S::revocation_file>,
                   "SSL CA Certificate Revocation List (CRL) file ('/path/to/file' - PEM encoded)"),
        server_row("SSLCARevocationCheck", Shape::words, config::edits<set_revocation_check>,
                   "SSL CA Certificate Revocation List (CRL) checking mode"),
    };
}

} // namespace

Rows verification_rows() {
    Rows rows = authority_rows();
    rows.push_back(
        anywhere_row("SSLVerifyClient", set_verification,
                     "SSL Client verify type ('none', 'optional', 'require', 'optional_no_ca')"));
    rows.push_back(
        anywhere_row("SSLVerifyDepth", set_depth,
                     "SSL Client verify depth ('N' - number of intermediate certificates)"));
    return rows;
}

} // namespace preforkd::ssl
