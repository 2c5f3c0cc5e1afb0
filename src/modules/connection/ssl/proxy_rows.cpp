// TLS to other servers, for a proxy. There is none yet: what is said is checked.
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

template <class T>
Status checked(const Result<T>& result) {
    return result ? Status() : result.error();
}

// For what takes its one word, or all of its words.
template <auto Parse>
Status check_one(Invocation& invocation, Arguments arguments) {
    return checked(Parse(invocation, arguments[0]));
}
template <auto Parse>
Status check_words(Invocation& invocation, Arguments arguments) {
    return checked(Parse(invocation, arguments));
}

Status check_ciphers(Invocation&, Arguments words) { return checked(parse_ciphers(words)); }

Rows handshake() {
    return {
        server_row("SSLProxyEngine", Shape::flag, config::accepted_for_later,
                   "SSL switch for the proxy protocol engine ('on', 'off')"),
        server_row("SSLProxyProtocol", Shape::words, check_words<chosen_versions>,
                   "SSL Proxy: enable or disable SSL protocol flavors "
                   "('[+-][TLSv1|TLSv1.1|TLSv1.2] ...' - see manual)"),
        server_row("SSLProxyCipherSuite", Shape::one_or_two, check_ciphers,
                   "SSL Proxy: colon-delimited list of permitted SSL ciphers , optionally preceded "
                   "by protocol specifier ('XXX:...:XXX' - see manual)"),
        server_row("SSLProxyMachineCertificateFile", Shape::one, check_one<present_file>,
                   "SSL Proxy: file containing client certificates ('/path/to/file' - PEM encoded "
                   "certificates)"),
        server_row("SSLProxyMachineCertificatePath", Shape::one, check_one<present_folder>,
                   "SSL Proxy: directory containing client certificates ('/path/to/dir' - "
                   "contains PEM encoded certificates)"),
        server_row("SSLProxyMachineCertificateChainFile", Shape::one, check_one<present_file>,
                   "SSL Proxy: file containing issuing certificates of the client certificate "
                   "(`/path/to/file' - PEM encoded certificates)"),
    };
}

Rows verification() {
    return {
        server_row("SSLProxyVerify", Shape::one, check_one<parse_verification>,
                   "SSL Proxy: whether to verify the remote certificate ('on' or 'off')"),
        server_row("SSLProxyVerifyDepth", Shape::one, check_one<parse_depth>,
                   "SSL Proxy: maximum certificate verification depth ('N' - number of "
                   "intermediate certificates)"),
        server_row("SSLProxyCACertificateFile", Shape::one, check_one<present_file>,
                   "SSL Proxy: file containing server certificates ('/path/to/file' - PEM encoded "
                   "certificates)"),
        server_row("SSLProxyCACertificatePath", Shape::one, check_one<present_folder>,
                   "SSL Proxy: directory containing server certificates ('/path/to/dir' - "
                   "contains PEM encoded certificates)"),
        server_row("SSLProxyCARevocationPath", Shape::one, check_one<present_folder>,
                   "SSL Proxy: CA Certificate Revocation List (CRL) path ('/path/to/dir' - "
                   "contains PEM encoded files)"),
        server_row("SSLProxyCARevocationFile", Shape::one, check_one<present_file>,
                   "SSL Proxy: CA Certificate Revocation List (CRL) file ('/path/to/file' - PEM "
                   "encoded)"),
        server_row("SSLProxyCARevocationCheck", Shape::words, check_words<parse_revocation_check>,
                   "SSL Proxy: CA Certificate Revocation List (CRL) checking mode"),
        server_row("SSLProxyCheckPeerExpire", Shape::flag, config::accepted_for_later,
                   "SSL Proxy: check the peer certificate's expiration date"),
        server_row("SSLProxyCheckPeerCN", Shape::flag, config::accepted_for_later,
                   "SSL Proxy: check the peer certificate's CN"),
        server_row("SSLProxyCheckPeerName", Shape::flag, config::accepted_for_later,
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
