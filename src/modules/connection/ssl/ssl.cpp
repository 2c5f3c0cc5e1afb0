// ssl: TLS, for hosts that say SSLEngine on.
#include "modules/connection/ssl/certificate_user.h"
#include "modules/connection/ssl/client_access.h"
#include "modules/connection/ssl/contexts.h"
#include "modules/connection/ssl/environment.h"
#include "modules/connection/ssl/host_rules.h"
#include "modules/connection/ssl/ssl_directives.h"
#include "modules/connection/ssl/ssl_settings.h"
#include "modules/connection/ssl/tls_connection.h"
#include "modules/modules.h"
#include "net/tls_library.h"
#include "pipeline/core_settings.h"

namespace preforkd {

namespace {

// What the control process keeps from one configuration to the next.
ssl::PassPhrases& pass_phrases() {
    static ssl::PassPhrases known;
    return known;
}

Status prepare(config::Configuration& configuration) {
    auto& core = configuration.main_server().server_settings.edit<CoreServerSettings>();
    core.description += " " + net::tls_library();
    return ssl::make_contexts(configuration, pass_phrases());
}

Verdict check_access(Request& request) {
    const auto verdict = ssl::check_access(request);
    if (!verdict.is_refusal()) ssl::name_user_unless_faked(request);
    return verdict;
}

Verdict fixups(Request& request) {
    ssl::export_variables(request);
    ssl::name_user(request);
    return declined;
}

void forget_secrets(const config::Configuration&) { pass_phrases().forget(); }

} // namespace

Module ssl_module() {
    return {
        .name = "ssl",
        .directives = ssl::ssl_directives(),
        .settings = {config::settings_type<ssl::SslServerSettings>(),
                     config::settings_type<ssl::SslDirectorySettings>()},
        .hooks = {.post_config = prepare,
                  .child_init = forget_secrets,
                  .pre_connection = ssl::begin_tls,
                  .post_read_request = ssl::check_host,
                  .access_checker = check_access,
                  .check_user_id = ssl::fake_basic_field,
                  .fixups = fixups},
    };
}

} // namespace preforkd
