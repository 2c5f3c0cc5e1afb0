// Asking OCSP responders whether a client's certificate was revoked. That is not there yet, so it
// cannot be switched on; what says how to ask is checked.
#include <fmt/format.h>

#include "base/text.h"
#include "modules/connection/ssl/file_arguments.h"
#include "modules/connection/ssl/ssl_directives.h"
#include "modules/server/arguments.h"

namespace preforkd::ssl {

namespace {

using config::Arguments;
using config::Invocation;
using config::Shape;

Status refuse_responders(Invocation& invocation, Arguments words) {
    if (words.empty()) return invalid_argument(invocation, "");
    const bool off = iequals(words[0], "off");
    if (!off && !iequals(words[0], "on") && !iequals(words[0], "leaf"))
        return invalid_argument(invocation, words[0]);
    for (const std::string& flag : words.subspan(1))
        if (!iequals(flag, "no_ocsp_for_cert_ok")) return invalid_argument(invocation, flag);
    if (off) return {};
    return Error{"SSLOCSPEnable: asking OCSP responders about client certificates is not "
                 "supported; use SSLCARevocationCheck with lists instead"};
}

Status check_seconds(Invocation& invocation, Arguments arguments) {
    if (leading_integer(arguments[0]) >= 0) return {};
    return Error{fmt::format("{}: invalid argument", invocation.directive.name)};
}

Status check_file(Invocation& invocation, Arguments arguments) {
    const auto path = present_file(invocation, arguments[0]);
    return path ? Status() : path.error();
}

// No more than Apache finds wrong.
bool is_url(std::string_view text) {
    if (text.starts_with(':')) return false;
    const auto slashes = text.find("://");
    if (slashes == text.npos) return true;
    std::string_view host = text.substr(slashes + 3);
    host = host.substr(0, host.find_first_of("/?#"));
    host.remove_prefix(std::min(host.find('@') + 1, host.size()));
    if (host.starts_with('[') && host.find(']') == host.npos) return false;
    const auto colon = host.rfind(':');
    const auto port = colon == host.npos ? "" : host.substr(colon + 1);
    return port.ends_with(']') || port.find_first_not_of("-0123456789") == port.npos;
}

Status check_url(Invocation&, Arguments arguments) {
    if (is_url(arguments[0])) return {};
    return Error{fmt::format("SSLOCSPProxyURL: Cannot parse URL {}", arguments[0])};
}

} // namespace

Rows responder_rows() {
    using config::accepted_for_later;
    return {
        server_row("SSLOCSPEnable", Shape::words, refuse_responders,
                   "Enable use of OCSP to verify certificate revocation mode "
                   "('on', 'leaf', 'off')"),
        server_row("SSLOCSPDefaultResponder", Shape::one, accepted_for_later,
                   "URL of the default OCSP Responder"),
        server_row("SSLOCSPOverrideResponder", Shape::flag, accepted_for_later,
                   "Force use of the default responder URL ('on', 'off')"),
        server_row("SSLOCSPResponseTimeSkew", Shape::one, check_seconds,
                   "Maximum time difference in OCSP responses"),
        server_row("SSLOCSPResponseMaxAge", Shape::one, check_seconds,
                   "Maximum age of OCSP responses"),
        server_row("SSLOCSPResponderTimeout", Shape::one, check_seconds,
                   "OCSP responder query timeout"),
        server_row("SSLOCSPUseRequestNonce", Shape::flag, accepted_for_later,
                   "Whether OCSP queries use a nonce or not ('on', 'off')"),
        server_row("SSLOCSPProxyURL", Shape::one, check_url, "Proxy URL to use for OCSP requests"),
        server_row("SSLOCSPNoVerify", Shape::flag, accepted_for_later,
                   "Do not verify OCSP Responder certificate ('on', 'off')"),
        server_row("SSLOCSPResponderCertificateFile", Shape::one, check_file,
                   "Trusted OCSP responder certificates(`/path/to/file' - PEM encoded "
                   "certificates)"),
    };
}

} // namespace preforkd::ssl
