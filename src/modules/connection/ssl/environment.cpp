#include "modules/connection/ssl/environment.h"

#include <algorithm>
#include <fmt/format.h>

#include "modules/connection/ssl/ssl_settings.h"
#include "modules/connection/ssl/ssl_variables.h"
#include "net/tls_facts.h"

namespace preforkd::ssl {

namespace {

using net::AlternativeName;
using net::CertificateView;

// Adds variables without a look at those that are there, where none of them can be one of ours.
class Exporter {
  public:
    explicit Exporter(Request& request)
        : request_(request),
          fresh_(std::none_of(request.variables.begin(), request.variables.end(),
                              [](const Variable& one) { return one.name.starts_with("SSL_"); })) {}

    // Requires: different names each time.
    void set(std::string_view name, std::string_view value) {
        if (fresh_) request_.variables.push_back({name, value});
        else request_.set_variable(name, value);
    }
    void set_if_any(std::string_view name, std::string_view value) {
        if (!value.empty()) set(name, value);
    }

  private:
    Request& request_;
    bool fresh_;
};

std::string_view word_of(AlternativeName kind) {
    switch (kind) {
    case AlternativeName::email: return "Email_";
    case AlternativeName::dns: return "DNS_";
    case AlternativeName::ms_upn: return "OTHER_msUPN_";
    case AlternativeName::dns_srv: return "OTHER_dnsSRV_";
    }
    return {};
}

std::string_view number(Arena& arena, unsigned number) {
    const fmt::format_int text(number);
    return arena.copy({text.data(), text.size()});
}

// The first of a kind has no number.
void export_components(Exporter& exporter, Arena& arena, std::string_view prefix,
                       net::NameView name) {
    for (const auto& [component, place, value] : name.components(arena))
        exporter.set(place == 0 ? arena.join({prefix, component})
                                : arena.join({prefix, component, "_", number(arena, place)}),
                     value);
}

void export_names(Exporter& exporter, Arena& arena, std::string_view prefix,
                  CertificateView certificate) {
    if (!certificate) return;
    export_components(exporter, arena, arena.join({prefix, "S_DN_"}), certificate.subject());
    export_components(exporter, arena, arena.join({prefix, "I_DN_"}), certificate.issuer());
    for (const auto& [kind, place, value] : certificate.alternative_names(arena))
        exporter.set(arena.join({prefix, "SAN_", word_of(kind), number(arena, place)}), value);
}

void export_standard(Exporter& exporter, const Request& request) {
    const auto& tls = *request.connection.tls;
    for (const auto& variable : connection_variables())
        if (variable.is_standard) exporter.set_if_any(variable.name, variable.read(request));
    export_names(exporter, request.arena, "SSL_SERVER_", net::server_certificate(tls));
    export_names(exporter, request.arena, "SSL_CLIENT_", net::client_certificate(tls));
}

void export_certificates(Exporter& exporter, const Request& request) {
    const auto& tls = *request.connection.tls;
    Arena& arena = request.arena;
    if (const auto own = net::server_certificate(tls))
        exporter.set("SSL_SERVER_CERT", own.pem(arena));
    const auto shown = net::client_certificate(tls);
    exporter.set("SSL_CLIENT_CERT", shown ? shown.pem(arena) : std::string_view());
    for (unsigned place = 0; const auto sent = net::client_chain_certificate(tls, place); ++place)
        exporter.set(arena.join({"SSL_CLIENT_CERT_CHAIN_", number(arena, place)}), sent.pem(arena));
}

} // namespace

void export_variables(Request& request) {
    const auto* tls = request.connection.tls;
    if (!tls) return;
    request.set_variable("HTTPS", "on");
    const unsigned options = request.of<SslDirectorySettings>().effective_options();
    Exporter exporter(request);
    exporter.set_if_any("SSL_TLS_SNI", tls->requested_name());
    if ((options & option_std_env_vars) != 0) export_standard(exporter, request);
    if ((options & option_export_cert_data) != 0) export_certificates(exporter, request);
    request.set_variable("ssl-secure-reneg",
                         net::tls_secure_renegotiation(*tls, request.arena) == "true" ? "1" : "0");
}

} // namespace preforkd::ssl
