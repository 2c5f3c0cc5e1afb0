// TLS to other servers, for a proxy.
#include "modules/connection/ssl/ciphers.h"
#include "modules/connection/ssl/file_arguments.h"
#include "modules/connection/ssl/protocols.h"
#include "modules/connection/ssl/ssl_directives.h"
#include "modules/connection/ssl/verification.h"

namespace preforkd::ssl {

namespace {

using config::Arguments;
using config::Invocation;
using config::Shape;

ProxySettings& proxy_settings(Invocation& invocation) {
    return invocation.server.server_settings.edit<SslServerSettings>().proxy;
}

// For what `Parse` makes of its one word, or of all of them.
template <auto Field, auto Parse>
Status set_one(Invocation& invocation, Arguments arguments) {
    auto value = Parse(invocation, arguments[0]);
    if (!value) return value.error();
    proxy_settings(invocation).*Field = std::move(*value);
    return {};
}
template <auto Field, auto Parse>
Status set_all(Invocation& invocation, Arguments arguments) {
    auto value = Parse(invocation, arguments);
    if (!value) return value.error();
    proxy_settings(invocation).*Field = std::move(*value);
    return {};
}
template <auto Field>
Status set_flag(Invocation& invocation, Arguments arguments) {
    proxy_settings(invocation).*Field = config::is_on(arguments[0]);
    return {};
}

Status set_ciphers(Invocation& invocation, Arguments words) {
    const auto choice = parse_ciphers(words);
    if (!choice) return choice.error();
    auto& settings = proxy_settings(invocation);
    (choice->for_tls_1_3 ? settings.ciphers_1_3 : settings.ciphers) = choice->ciphers;
    return {};
}

Status set_revocation_check(Invocation& invocation, Arguments words) {
    const auto choice = parse_revocation_check(invocation, words);
    if (!choice) return choice.error();
    auto& settings = proxy_settings(invocation);
    settings.revocation_check = choice->check;
    settings.revocations_may_lack = choice->may_lack;
    return {};
}

// Certificates, each with its key, in the files of a folder: Apache chooses by what the other
// server accepts; here there is one file for all.
Status check_folder(Invocation& invocation, Arguments arguments) {
    const auto path = present_folder(invocation, arguments[0]);
    return path ? Status() : path.error();
}

using P = ProxySettings;

Rows handshake() {
    return {
        server_row("SSLProxyEngine", Shape::flag, set_flag<&P::engine>,
                   "SSL switch for the proxy protocol engine ('on', 'off')"),
        server_row("SSLProxyProtocol", Shape::words, set_all<&P::versions, chosen_versions>,
                   "SSL Proxy: enable or disable SSL protocol flavors "
                   "('[+-][TLSv1|TLSv1.1|TLSv1.2] ...' - see manual)"),
        server_row("SSLProxyCipherSuite", Shape::one_or_two, set_ciphers,
                   "SSL Proxy: colon-delimited list of permitted SSL ciphers , optionally preceded "
                   "by protocol specifier ('XXX:...:XXX' - see manual)"),
        server_row("SSLProxyMachineCertificateFile", Shape::one,
                   set_one<&P::certificate_file, present_file>,
                   "SSL Proxy: file containing client certificates ('/path/to/file' - PEM encoded "
                   "certificates)"),
        server_row("SSLProxyMachineCertificatePath", Shape::one, check_folder,
                   "SSL Proxy: directory containing client certificates ('/path/to/dir' - "
                   "contains PEM encoded certificates)"),
        server_row("SSLProxyMachineCertificateChainFile", Shape::one,
                   set_one<&P::certificate_chain_file, present_file>,
                   "SSL Proxy: file containing issuing certificates of the client certificate "
                   "(`/path/to/file' - PEM encoded certificates)"),
    };
}

Rows verification() {
    return {
        server_row("SSLProxyVerify", Shape::one, set_one<&P::verification, parse_verification>,
                   "SSL Proxy: whether to verify the remote certificate ('on' or 'off')"),
        server_row("SSLProxyVerifyDepth", Shape::one, set_one<&P::verification_depth, parse_depth>,
                   "SSL Proxy: maximum certificate verification depth ('N' - number of "
                   "intermediate certificates)"),
        server_row("SSLProxyCACertificateFile", Shape::one,
                   set_one<&P::authority_file, present_file>,
                   "SSL Proxy: file containing server certificates ('/path/to/file' - PEM encoded "
                   "certificates)"),
        server_row("SSLProxyCACertificatePath", Shape::one,
                   set_one<&P::authority_folder, present_folder>,
                   "SSL Proxy: directory containing server certificates ('/path/to/dir' - "
                   "contains PEM encoded certificates)"),
        server_row("SSLProxyCARevocationPath", Shape::one,
                   set_one<&P::revocation_folder, present_folder>,
                   "SSL Proxy: CA Certificate Revocation List (CRL) path ('/path/to/dir' - "
                   "contains PEM encoded files)"),
        server_row("SSLProxyCARevocationFile", Shape::one,
                   set_one<&P::revocation_file, present_file>,
                   "SSL Proxy: CA Certificate Revocation List (CRL) file ('/path/to/file' - PEM "
                   "encoded)"),
        server_row("SSLProxyCARevocationCheck", Shape::words, set_revocation_check,
                   "SSL Proxy: CA Certificate Revocation List (CRL) checking mode"),
        server_row("SSLProxyCheckPeerExpire", Shape::flag, set_flag<&P::checks_expiry>,
                   "SSL Proxy: check the peer certificate's expiration date"),
        server_row("SSLProxyCheckPeerCN", Shape::flag, set_flag<&P::checks_common_name>,
                   "SSL Proxy: check the peer certificate's CN"),
        server_row("SSLProxyCheckPeerName", Shape::flag, set_flag<&P::checks_name>,
                   "SSL Proxy: check the peer certificate's name (must be present in "
                   "subjectAltName extension or CN"),
    };
}

} // namespace

Rows proxy_rows() {
    Rows rows = handshake();
    const Rows more = verification();
    rows.insert(rows.end(), more.begin(), more.end());
    return rows;
}

} // namespace preforkd::ssl
