#include "app/system_checks/certificates.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <set>

#include "app/system_checks/access_rights.h"
#include "config/process_settings.h"
#include "modules/connection/ssl/ssl_settings.h"
#include "net/tls_certificate_file.h"
#include "os/file.h"

namespace preforkd {

namespace {

constexpr std::time_t day = 24 * 60 * 60;
constexpr std::time_t notice = 14 * day; // to get a new one

std::string date_of(std::time_t when) { return fmt::format("{:%Y-%m-%d}", fmt::gmtime(when)); }

Finding expiry(const std::string& file, std::string_view what) {
    return {fmt::format("certificate {} {}", file, what),
            "renew it, and reload: preforkctl graceful"};
}

void check_certificate(const std::string& file, const config::Server& server, std::time_t now,
                       Findings& found) {
    const auto certificate = net::read_certificate_file(file, server.name);
    if (!certificate) {
        found.push_back({fmt::format("SSLCertificateFile {}: {}", file, certificate.error().what),
                         "name a file that begins with a certificate in PEM form"});
        return;
    }
    if (certificate->valid_until < now)
        found.push_back(expiry(file, "expired on " + date_of(certificate->valid_until)));
    else if (certificate->valid_until < now + notice)
        found.push_back(
            expiry(file, fmt::format("expires on {}, in {} days", date_of(certificate->valid_until),
                                     (certificate->valid_until - now) / day)));
    if (certificate->valid_from > now)
        found.push_back({fmt::format("certificate {} is not valid before {}", file,
                                     date_of(certificate->valid_from)),
                         "look at the clock of this machine, or wait"});
    if (server.name_was_set && !certificate->names_host)
        found.push_back({fmt::format("certificate {} does not name {}", file, server.name),
                         "get one for that name, or mend ServerName"});
}

// A key must be nobody's to read but the control process's.
void check_key(const std::string& file, const std::string& certificate, const Identity* serving,
               Findings& found) {
    struct stat status {};
    if (stat_path(file.c_str(), status) != 0) return;
    if (!net::key_belongs_to(file, certificate))
        found.push_back({fmt::format("key {} does not belong to certificate {}", file, certificate),
                         "name the key that the certificate was made for"});
    if (serving && first_obstacle(*serving, file, Right::read).empty())
        found.push_back({fmt::format("key {} can be read by User {}, as whom requests are served",
                                     file, serving->user),
                         fmt::format("chown root {0} && chmod 600 {0}", file)});
}

} // namespace

Findings check_certificates(const config::Configuration& configuration, std::time_t now) {
    const auto& settings = configuration.main_server().of<config::ProcessSettings>();
    const auto serving = find_identity(settings.user, settings.group);
    const bool changes_user = is_superuser() && serving && serving->uid != 0;
    Findings found;
    std::set<std::string> seen;
    for (const auto& server : configuration.servers) {
        const auto& said = server->of<ssl::SslServerSettings>();
        if (said.engine.value_or(ssl::Engine::off) == ssl::Engine::off) continue;
        for (std::size_t i = 0; i < said.certificate_files.size(); ++i) {
            const auto& file = said.certificate_files[i];
            if (!seen.insert(file + '\n' + server->name).second) continue;
            check_certificate(file, *server, now, found);
            const auto& key = i < said.key_files.size() ? said.key_files[i] : file;
            if (seen.insert(key).second)
                check_key(key, file, changes_user ? &*serving : nullptr, found);
        }
    }
    return found;
}

} // namespace preforkd
