#include "modules/connection/ssl/ssl_variables.h"

#include <algorithm>
#include <array>

#include "base/product.h"
#include "base/text.h"
#include "modules/connection/ssl/ssl_settings.h"
#include "net/tls_facts.h"
#include "net/tls_library.h"
#include "pipeline/request_variables.h"

namespace preforkd::ssl {

namespace {

using net::CertificateView;
using net::NameView;
using net::TlsStream;
using SessionFact = std::string_view (*)(const TlsStream&, Arena&);
using Whose = CertificateView (*)(const TlsStream&);

constexpr Whose client = net::client_certificate;
constexpr Whose server = net::server_certificate;

template <SessionFact Fact>
std::string_view of_session(const Request& request) {
    const auto* tls = request.connection.tls;
    return tls ? Fact(*tls, request.arena) : std::string_view();
}

CertificateView certificate(Whose whose, const Request& request) {
    const auto* tls = request.connection.tls;
    return tls ? whose(*tls) : CertificateView(nullptr);
}

template <Whose Who, auto Fact>
std::string_view of_certificate(const Request& request) {
    const auto shown = certificate(Who, request);
    return shown ? (shown.*Fact)(request.arena) : std::string_view();
}

template <Whose Who, NameView (CertificateView::*Name)() const>
std::string_view of_name(const Request& request) {
    const auto shown = certificate(Who, request);
    return shown ? (shown.*Name)().text(name_format_for(request), request.arena)
                 : std::string_view();
}

std::string_view https(const Request& request) { return request.connection.tls ? "on" : "off"; }

std::string_view interface_version(const Request& request) {
    return request.arena.join({"mod_ssl/", product::apache_version});
}

std::string_view library_version(const Request& request) {
    return request.arena.copy(net::tls_library());
}

constexpr auto each_time = Exported::each_time;
constexpr auto by_certificate = Exported::by_certificate;
constexpr ConnectionVariable connection_table[] = {
    {"HTTPS", https},
    {"SSL_CIPHER", of_session<net::tls_cipher>, each_time},
    {"SSL_CIPHER_ALGKEYSIZE", of_session<net::tls_key_bits_possible>, each_time},
    {"SSL_CIPHER_EXPORT", of_session<net::tls_cipher_export>, each_time},
    {"SSL_CIPHER_USEKEYSIZE", of_session<net::tls_key_bits_used>, each_time},
    {"SSL_CLIENT_A_KEY", of_certificate<client, &CertificateView::key_algorithm>, by_certificate},
    {"SSL_CLIENT_A_SIG", of_certificate<client, &CertificateView::signature_algorithm>,
     by_certificate},
    {"SSL_CLIENT_CERT", of_certificate<client, &CertificateView::pem>},
    {"SSL_CLIENT_CERT_RFC4523_CEA", of_certificate<client, &CertificateView::exact_assertion>,
     by_certificate},
    {"SSL_CLIENT_I_DN", of_name<client, &CertificateView::issuer>, by_certificate},
    {"SSL_CLIENT_M_SERIAL", of_certificate<client, &CertificateView::serial>, by_certificate},
    {"SSL_CLIENT_M_VERSION", of_certificate<client, &CertificateView::version>, by_certificate},
    {"SSL_CLIENT_S_DN", of_name<client, &CertificateView::subject>, by_certificate},
    {"SSL_CLIENT_VERIFY", of_session<net::tls_client_verdict>, each_time},
    {"SSL_CLIENT_V_END", of_certificate<client, &CertificateView::valid_until>, by_certificate},
    {"SSL_CLIENT_V_REMAIN", of_certificate<client, &CertificateView::days_left>, each_time},
    {"SSL_CLIENT_V_START", of_certificate<client, &CertificateView::valid_from>, by_certificate},
    {"SSL_COMPRESS_METHOD", of_session<net::tls_compression>, each_time},
    {"SSL_PROTOCOL", of_session<net::tls_protocol>, each_time},
    {"SSL_SECURE_RENEG", of_session<net::tls_secure_renegotiation>, each_time},
    {"SSL_SERVER_A_KEY", of_certificate<server, &CertificateView::key_algorithm>, by_certificate},
    {"SSL_SERVER_A_SIG", of_certificate<server, &CertificateView::signature_algorithm>,
     by_certificate},
    {"SSL_SERVER_CERT", of_certificate<server, &CertificateView::pem>},
    {"SSL_SERVER_I_DN", of_name<server, &CertificateView::issuer>, by_certificate},
    {"SSL_SERVER_M_SERIAL", of_certificate<server, &CertificateView::serial>, by_certificate},
    {"SSL_SERVER_M_VERSION", of_certificate<server, &CertificateView::version>, by_certificate},
    {"SSL_SERVER_S_DN", of_name<server, &CertificateView::subject>, by_certificate},
    {"SSL_SERVER_V_END", of_certificate<server, &CertificateView::valid_until>, by_certificate},
    {"SSL_SERVER_V_REMAIN", of_certificate<server, &CertificateView::days_left>},
    {"SSL_SERVER_V_START", of_certificate<server, &CertificateView::valid_from>, by_certificate},
    {"SSL_SESSION_ID", of_session<net::tls_session_id>, each_time},
    {"SSL_SESSION_RESUMED", of_session<net::tls_session_origin>, each_time},
    {"SSL_TLS_SNI", of_session<net::tls_requested_name>},
    {"SSL_VERSION_INTERFACE", interface_version, each_time},
    {"SSL_VERSION_LIBRARY", library_version, each_time},
};

constexpr bool comes_before(std::string_view a, std::string_view b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                        [](char x, char y) { return to_upper(x) < to_upper(y); });
}

// How to read the variable of that name, or nullptr.
template <class Named>
auto find_among(std::span<const Named> table, std::string_view name) {
    const auto found =
        std::lower_bound(table.begin(), table.end(), name, [](const auto& one, auto wanted) {
            return comes_before(one.name, wanted);
        });
    return found != table.end() && iequals(found->name, name) ? found->read : nullptr;
}

std::string_view read_plain(const SslVariable& variable, const Request& request) {
    return variable.plain(request);
}

} // namespace

std::span<const ConnectionVariable> connection_variables() { return connection_table; }

SslVariable find_ssl_variable(std::string_view name) {
    auto* read = find_among(connection_variables(), name);
    if (!read) read = find_among(request_variables(), name);
    return read ? SslVariable{.read = read_plain, .plain = read} : find_one_of_many(name);
}

std::vector<std::string> client_extensions(std::string_view identifier, const Request& request) {
    const auto shown = certificate(client, request);
    return shown ? shown.extensions(identifier) : std::vector<std::string>();
}

net::NameFormat name_format_for(const Request& request) {
    const bool legacy = (request.of<SslDirectorySettings>().effective_options() &
                         option_legacy_dn_string_format) != 0;
    return legacy ? net::NameFormat::legacy : net::NameFormat::rfc_2253;
}

} // namespace preforkd::ssl
