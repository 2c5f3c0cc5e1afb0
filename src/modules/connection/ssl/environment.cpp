#include "modules/connection/ssl/environment.h"

#include <algorithm>
#include <fmt/format.h>

#include "modules/connection/ssl/certificate_variables.h"
#include "modules/connection/ssl/ssl_settings.h"
#include "modules/connection/ssl/ssl_variables.h"
#include "net/tls_facts.h"

namespace preforkd::ssl {

namespace {

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

std::string_view number(Arena& arena, unsigned number) {
    const fmt::format_int text(number);
    return arena.copy({text.data(), text.size()});
}

// A child shows few certificates and has one connection at a time.
void export_standard(Exporter& exporter, const Request& request) {
    static CertificateVariables of_server("SSL_SERVER_"), of_client("SSL_CLIENT_");
    const auto& tls = *request.connection.tls;
    for (const auto& variable : connection_variables())
        if (variable.exported == Exported::each_time)
            exporter.set_if_any(variable.name, variable.read(request));
    const auto set = [&](auto name, auto value) { exporter.set_if_any(name, value); };
    of_server.tell(net::server_certificate(tls), request, set);
    of_client.tell(net::client_certificate(tls), request, set);
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
    request.set_note("ssl-secure-reneg",
                     net::tls_secure_renegotiation(*tls, request.arena) == "true" ? "1" : "0");
}

} // namespace preforkd::ssl
