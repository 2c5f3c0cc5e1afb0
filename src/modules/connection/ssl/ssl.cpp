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

ssl::KeptState& kept_state() {
    static ssl::KeptState kept;
    return kept;
}

Status prepare(config::Configuration& configuration) {
    auto& core = configuration.main_server().server_settings.edit<CoreServerSettings>();
    core.description += " " + net::tls_library();
    return ssl::make_contexts(configuration, kept_state());
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

// Where the kernel does not let go, the child has what the control process has: no reason to fail.
void let_go(const config::Configuration&) { static_cast<void>(kept_state().let_go()); }

} // namespace

Module ssl_module() {
    return {
        .name = "ssl",
        .directives = ssl::ssl_directives(),
        .settings = {config::settings_type<ssl::SslServerSettings>(),
                     config::settings_type<ssl::SslDirectorySettings>()},
        .hooks = {.post_config = prepare,
                  .child_init = let_go,
                  .pre_connection = ssl::begin_tls,
                  .post_read_request = ssl::check_host,
                  .access_checker = check_access,
                  .check_user_id = ssl::fake_basic_field,
                  .fixups = fixups},
    };
}

} // namespace preforkd
