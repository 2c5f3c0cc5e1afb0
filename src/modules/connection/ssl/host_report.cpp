#include "modules/connection/ssl/host_report.h"

#include <fmt/format.h>

#include "modules/connection/ssl/host_name.h"
#include "modules/connection/ssl/ssl_settings.h"
#include "net/tls_certificate_file.h"
#include "net/tls_context.h"

namespace preforkd::ssl {

namespace {

void report_certificate(const config::Server& server, const std::string& name,
                        const net::TlsCertificate& files) {
    const auto certificate = net::read_certificate_file(files.certificate_file, server.name);
    if (!certificate) return; // it was read before
    if (certificate->is_authority)
        say_of_host(
            server, log::Level::warn,
            fmt::format("AH01906: {} server certificate is a CA certificate (BasicConstraints: CA "
                        "== TRUE !?)",
                        name));
    if (!certificate->names_host)
        say_of_host(
            server, log::Level::warn,
            fmt::format("AH01909: {} server certificate does NOT include an ID which matches the "
                        "server name",
                        name));
    say_of_host(server, log::Level::info,
                fmt::format("AH02568: Certificate and private key {} configured from {} and {}",
                            name, files.certificate_file, files.key_file));
}

} // namespace

void report_host(const config::Server& server) {
    say_of_host(server, log::Level::info,
                fmt::format("AH01914: Configuring server {} for SSL protocol", host_name(server)));
    const auto& certificates = server.of<SslServerSettings>().context->settings().certificates;
    for (std::size_t i = 0; i < certificates.size(); ++i)
        report_certificate(server, fmt::format("{}:{}", host_name(server), i), certificates[i]);
}

void report_ports(const config::Configuration& configuration) {
    const auto& main = configuration.main_server();
    for (const auto& server : configuration.servers) {
        const bool encrypts = server->of<SslServerSettings>().context != nullptr;
        if (encrypts && server->port == 80)
            say_of_host(main, log::Level::warn,
                        fmt::format("AH01915: Init: ({}) You configured HTTPS(443) on the standard "
                                    "HTTP(80) port!",
                                    host_name(*server)));
        if (!encrypts && server->port == 443)
            say_of_host(main, log::Level::warn,
                        fmt::format("AH01916: Init: ({}) You configured HTTP(80) on the standard "
                                    "HTTPS(443) port!",
                                    host_name(*server)));
    }
}

} // namespace preforkd::ssl
