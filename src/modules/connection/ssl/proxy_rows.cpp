// TLS to other servers, for a proxy.
#include <fmt/format.h>

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

Status set_proxy_ciphers(Invocation& invocation, Arguments words) {
    const auto choice = parse_ciphers(words);
    if (!choice) return choice.error();
    auto& settings = proxy_settings(invocation);
    (choice->for_tls_1_3 ? settings.ciphers_1_3 : settings.ciphers) = choice->ciphers;
    return {};
}

Status set_proxy_revocation_check(Invocation& invocation, Arguments words) {
    const auto choice = parse_revocation_check(invocation, words);
    if (!choice) return choice.error();
    auto& settings = proxy_settings(invocation);
    settings.revocation_check = choice->check;
    settings.revocations_may_lack = choice->may_lack;
    return {};
}

using P = ProxySettings;

// A <Proxy> may say what counts for other servers, too: here for all that its host asks.
template <config::Apply apply>
Status unless_in_other_section(Invocation& invocation, Arguments arguments) {
    const auto* section = invocation.section;
    if (section && section->kind != config::Section::Kind::proxy && invocation.enclosing)
        return Error{fmt::format("{} not allowed in {}> context", invocation.directive.name,
                                 invocation.enclosing->name)};
    return apply(invocation, arguments);
}

template <config::Apply apply>
config::Directive proxy_row(std::string_view name, Shape shape, std::string_view usage) {
    return {name,
            shape,
            in_servers | config::directory,
            config::override_none,
            unless_in_other_section<apply>,
            usage};
}

Rows handshake() {
    return {
        proxy_row<set_flag<&P::engine>>("SSLProxyEngine", Shape::flag,
                                        "SSL switch for the proxy protocol engine ('on', 'off')"),
        proxy_row<set_all<&P::versions, chosen_versions>>(
            "SSLProxyProtocol", Shape::words,
            "SSL Proxy: enable or disable SSL protocol flavors "
            "('[+-][TLSv1|TLSv1.1|TLSv1.2] ...' - see manual)"),
        proxy_row<set_proxy_ciphers>(
            "SSLProxyCipherSuite", Shape::one_or_two,
            "SSL Proxy: colon-delimited list of permitted SSL ciphers , optionally preceded "
            "by protocol specifier ('XXX:...:XXX' - see manual)"),
        proxy_row<set_one<&P::certificate_file, present_file>>(
            "SSLProxyMachineCertificateFile", Shape::one,
            "SSL Proxy: file containing client certificates ('/path/to/file' - PEM encoded "
            "certificates)"),
        proxy_row<set_one<&P::certificate_folder, present_folder>>(
            "SSLProxyMachineCertificatePath", Shape::one,
            "SSL Proxy: directory containing client certificates ('/path/to/dir' - "
            "contains PEM encoded certificates)"),
        proxy_row<set_one<&P::certificate_chain_file, present_file>>(
            "SSLProxyMachineCertificateChainFile", Shape::one,
            "SSL Proxy: file containing issuing certificates of the client certificate "
            "(`/path/to/file' - PEM encoded certificates)"),
    };
}

Rows verification() {
    return {
        proxy_row<set_one<&P::verification, parse_verification>>(
            "SSLProxyVerify", Shape::one,
            "SSL Proxy: whether to verify the remote certificate ('on' or 'off')"),
        proxy_row<set_one<&P::verification_depth, parse_depth>>(
            "SSLProxyVerifyDepth", Shape::one,
            "SSL Proxy: maximum certificate verification depth ('N' - number of "
            "intermediate certificates)"),
        proxy_row<set_one<&P::authority_file, present_file>>(
            "SSLProxyCACertificateFile", Shape::one,
            "SSL Proxy: file containing server certificates ('/path/to/file' - PEM encoded "
            "certificates)"),
        proxy_row<set_one<&P::authority_folder, present_folder>>(
            "SSLProxyCACertificatePath", Shape::one,
            "SSL Proxy: directory containing server certificates ('/path/to/dir' - "
            "contains PEM encoded certificates)"),
        proxy_row<set_one<&P::revocation_folder, present_folder>>(
            "SSLProxyCARevocationPath", Shape::one,
            "SSL Proxy: CA Certificate Revocation List (CRL) path ('/path/to/dir' - "
            "contains PEM encoded files)"),
        proxy_row<set_one<&P::revocation_file, present_file>>(
            "SSLProxyCARevocationFile", Shape::one,
            "SSL Proxy: CA Certificate Revocation List (CRL) file ('/path/to/file' - PEM "
            "encoded)"),
        proxy_row<set_proxy_revocation_check>(
            "SSLProxyCARevocationCheck", Shape::words,
            "SSL Proxy: CA Certificate Revocation List (CRL) checking mode"),
        proxy_row<set_flag<&P::checks_expiry>>(
            "SSLProxyCheckPeerExpire", Shape::flag,
            "SSL Proxy: check the peer certificate's expiration date"),
        proxy_row<set_flag<&P::checks_common_name>>("SSLProxyCheckPeerCN", Shape::flag,
                                                    "SSL Proxy: check the peer certificate's CN"),
        proxy_row<set_flag<&P::checks_name>>(
            "SSLProxyCheckPeerName", Shape::flag,
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
