#include "modules/connection/ssl/contexts.h"

#include <fmt/format.h>

#include "config/merge_servers.h"
#include "modules/connection/ssl/host_name.h"
#include "modules/connection/ssl/host_report.h"
#include "modules/connection/ssl/ssl_settings.h"
#include "net/tls_context.h"
#include "os/file.h"

namespace preforkd::ssl {

namespace {

// A certificate whose key was not named holds it, too.
std::vector<net::TlsCertificate> certificates_of(const SslServerSettings& said) {
    std::vector<net::TlsCertificate> certificates;
    for (std::size_t i = 0; i < said.certificate_files.size(); ++i)
        certificates.push_back({said.certificate_files[i], i < said.key_files.size()
                                                               ? said.key_files[i]
                                                               : said.certificate_files[i]});
    return certificates;
}

net::TlsSettings settings_of(const config::Server& server) {
    const auto& said = server.of<SslServerSettings>();
    net::TlsSettings settings;
    settings.host = host_name(server);
    settings.versions = said.versions.value_or(settings.versions);
    settings.ciphers = said.ciphers.value_or("");
    settings.ciphers_1_3 = said.ciphers_1_3.value_or("");
    settings.server_chooses_cipher = said.honor_cipher_order.value_or(false);
    settings.unsafe_renegotiation = said.insecure_renegotiation.value_or(false);
    settings.session_tickets = said.session_tickets.value_or(true);
    settings.session_timeout = said.session_timeout.value_or(settings.session_timeout);
    settings.certificates = certificates_of(said);
    settings.chain_file = said.chain_file.value_or("");
    settings.verification = said.verification.value_or(settings.verification);
    settings.verification_depth = said.verification_depth.value_or(settings.verification_depth);
    settings.authorities = {said.authority_file.value_or(""), said.authority_folder.value_or("")};
    settings.authority_names = {said.authority_name_file.value_or(""),
                                said.authority_name_folder.value_or("")};
    settings.revocations = {said.revocation_file.value_or(""), said.revocation_folder.value_or("")};
    settings.revocation_check = said.revocation_check.value_or(settings.revocation_check);
    settings.revocations_may_lack = said.revocations_may_lack.value_or(false);
    settings.commands = said.commands;
    return settings;
}

Error below_headline(const config::Server& server, std::string_view reason) {
    return Error{
        fmt::format("{}\nAH02312: Fatal error initialising mod_ssl, exiting. See above for "
                    "what is wrong with {}",
                    reason, host_name(server))};
}

Status make_context(config::Server& server, const PassPhraseDialog& dialog,
                    PassPhrases& pass_phrases, const SharedState& state) {
    const auto settings = settings_of(server);
    if (settings.certificates.empty())
        return below_headline(server, fmt::format("AH02572: Failed to configure at least one "
                                                  "certificate and key for {}",
                                                  settings.host));
    std::size_t place = 0;
    auto context = net::TlsContext::create(
        settings, [&](const std::string& file, const PassPhrases::Opens& opens) {
            return pass_phrases.unlock(dialog, {settings.host, place++, file}, opens);
        });
    if (!context) return below_headline(server, context.error().what);
    auto share = share_with(server, **context, state);
    if (!share) return below_headline(server, share.error().what);
    auto& kept = server.server_settings.edit<SslServerSettings>();
    kept.share = std::move(*share);
    kept.context = std::move(*context);
    return {};
}

// Of a folder all, in the order of their names; a link to nowhere is none, as in Apache.
Result<std::vector<std::string>> identity_files_of(const ProxySettings& said) {
    std::vector<std::string> files;
    if (said.certificate_file) files.push_back(*said.certificate_file);
    if (!said.certificate_folder) return files;
    const auto names = names_in_directory(*said.certificate_folder);
    if (!names) return names.error();
    for (const auto& name : *names) {
        auto file = *said.certificate_folder + "/" + name;
        struct stat status {};
        if (stat_path(file.c_str(), status) == 0 && S_ISREG(status.st_mode))
            files.push_back(std::move(file));
    }
    return files;
}

net::TlsSettings proxy_settings_of(const config::Server& server) {
    const auto& said = server.of<SslServerSettings>().proxy;
    net::TlsSettings settings;
    settings.host = host_name(server);
    settings.versions = said.versions.value_or(settings.versions);
    settings.ciphers = said.ciphers.value_or("");
    settings.ciphers_1_3 = said.ciphers_1_3.value_or("");
    settings.chain_file = said.certificate_chain_file.value_or("");
    settings.verification = said.verification.value_or(settings.verification);
    settings.verification_depth = said.verification_depth.value_or(settings.verification_depth);
    settings.authorities = {said.authority_file.value_or(""), said.authority_folder.value_or("")};
    settings.revocations = {said.revocation_file.value_or(""), said.revocation_folder.value_or("")};
    settings.revocation_check = said.revocation_check.value_or(settings.revocation_check);
    settings.revocations_may_lack = said.revocations_may_lack.value_or(false);
    return settings;
}

Status make_proxy_context(config::Server& server) {
    const auto& said = server.of<SslServerSettings>().proxy;
    if (!said.engine.value_or(false)) return {};
    auto settings = proxy_settings_of(server);
    auto files = identity_files_of(said);
    if (!files) return below_headline(server, files.error().what);
    settings.identity_files = std::move(*files);
    auto context = net::TlsContext::create_for_requests(settings);
    if (!context) return below_headline(server, context.error().what);
    if ((said.certificate_file || said.certificate_folder) && !(*context)->has_identities())
        say_of_host(server, log::Level::warn, "AH02206: no client certs found for SSL proxy");
    server.server_settings.edit<SslServerSettings>().proxy.context = std::move(*context);
    return {};
}

} // namespace

Status make_contexts(config::Configuration& configuration, PassPhrases& pass_phrases,
                     SharedState& state) {
    if (auto done = state.follow(configuration); !done) return done;
    const auto& dialog = configuration.main_server().of<SslServerSettings>().pass_phrase_dialog;
    for (auto& server : configuration.servers) {
        if (auto made = make_proxy_context(*server); !made) return made;
        const auto engine = server->of<SslServerSettings>().engine.value_or(Engine::off);
        if (engine == Engine::off) continue;
        if (auto made = make_context(*server, dialog, pass_phrases, state); !made) return made;
    }
    pass_phrases.start_is_over();
    config::merge_servers<SslServerSettings>(configuration);
    for (const auto& server : configuration.servers)
        if (server->of<SslServerSettings>().context) report_host(*server);
    report_ports(configuration);
    return {};
}

} // namespace preforkd::ssl
