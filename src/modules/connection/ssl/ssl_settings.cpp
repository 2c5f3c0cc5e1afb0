#include "modules/connection/ssl/ssl_settings.h"

namespace preforkd::ssl {

using config::inherit;

void StaplingSettings::inherit_from(const StaplingSettings& outer) {
    inherit(use, outer.use);
    inherit(time_skew, outer.time_skew);
    inherit(responder_timeout, outer.responder_timeout);
    inherit(max_age, outer.max_age);
    inherit(standard_cache_timeout, outer.standard_cache_timeout);
    inherit(error_cache_timeout, outer.error_cache_timeout);
    inherit(return_responder_errors, outer.return_responder_errors);
    inherit(fake_try_later, outer.fake_try_later);
    inherit(force_url, outer.force_url);
}

void ProxySettings::inherit_from(const ProxySettings& outer) {
    inherit(engine, outer.engine);
    inherit(versions, outer.versions);
    inherit(ciphers, outer.ciphers);
    inherit(ciphers_1_3, outer.ciphers_1_3);
    inherit(verification, outer.verification);
    inherit(verification_depth, outer.verification_depth);
    inherit(authority_file, outer.authority_file);
    inherit(authority_folder, outer.authority_folder);
    inherit(revocation_file, outer.revocation_file);
    inherit(revocation_folder, outer.revocation_folder);
    inherit(revocation_check, outer.revocation_check);
    inherit(revocations_may_lack, outer.revocations_may_lack);
    inherit(certificate_file, outer.certificate_file);
    inherit(certificate_folder, outer.certificate_folder);
    inherit(certificate_chain_file, outer.certificate_chain_file);
    inherit(checks_expiry, outer.checks_expiry);
    inherit(checks_common_name, outer.checks_common_name);
    inherit(checks_name, outer.checks_name);
}

void SslServerSettings::inherit_from(const SslServerSettings& outer) {
    inherit(engine, outer.engine);
    inherit(versions, outer.versions);
    inherit(ciphers, outer.ciphers);
    inherit(ciphers_1_3, outer.ciphers_1_3);
    inherit(honor_cipher_order, outer.honor_cipher_order);
    inherit(insecure_renegotiation, outer.insecure_renegotiation);
    inherit(session_tickets, outer.session_tickets);
    inherit(session_timeout, outer.session_timeout);
    inherit(ticket_key_file, outer.ticket_key_file);
    inherit(strict_sni, outer.strict_sni);

    if (certificate_files.empty()) certificate_files = outer.certificate_files;
    if (key_files.empty()) key_files = outer.key_files;
    inherit(chain_file, outer.chain_file);

    inherit(verification, outer.verification);
    inherit(verification_depth, outer.verification_depth);
    inherit(authority_file, outer.authority_file);
    inherit(authority_folder, outer.authority_folder);
    inherit(authority_name_file, outer.authority_name_file);
    inherit(authority_name_folder, outer.authority_name_folder);
    inherit(revocation_file, outer.revocation_file);
    inherit(revocation_folder, outer.revocation_folder);
    inherit(revocation_check, outer.revocation_check);
    inherit(revocations_may_lack, outer.revocations_may_lack);

    commands.insert(commands.begin(), outer.commands.begin(), outer.commands.end());
    stapling.inherit_from(outer.stapling);
    proxy.inherit_from(outer.proxy);

    pass_phrase_dialog = outer.pass_phrase_dialog;
    session_cache = outer.session_cache;
    stapling_cache = outer.stapling_cache;
    sni_policy = outer.sni_policy;
}

void SslDirectorySettings::inherit_from(const SslDirectorySettings& outer) {
    if (!options) {
        options = outer.options;
        const unsigned removed_here = options_removed;
        options_removed |= outer.options_removed & ~options_added;
        options_added |= outer.options_added & ~removed_here;
    }
    requires_ssl = requires_ssl || outer.requires_ssl;
    requirements.insert(requirements.begin(), outer.requirements.begin(), outer.requirements.end());
    inherit(ciphers, outer.ciphers);
    inherit(verification, outer.verification);
    inherit(verification_depth, outer.verification_depth);
    inherit(user_variable, outer.user_variable);
    inherit(renegotiation_buffer, outer.renegotiation_buffer);
}

} // namespace preforkd::ssl
