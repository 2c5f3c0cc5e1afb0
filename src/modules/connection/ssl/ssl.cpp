// ssl: TLS, for hosts that say SSLEngine on.
#include "base/text.h"
#include "config/merge_servers.h"
#include "modules/connection/ssl/certificate_user.h"
#include "modules/connection/ssl/client_access.h"
#include "modules/connection/ssl/contexts.h"
#include "modules/connection/ssl/environment.h"
#include "modules/connection/ssl/host_rules.h"
#include "modules/connection/ssl/shared_state.h"
#include "modules/connection/ssl/ssl_directives.h"
#include "modules/connection/ssl/ssl_settings.h"
#include "modules/connection/ssl/ssl_variables.h"
#include "modules/connection/ssl/tls_connection.h"
#include "modules/modules.h"
#include "net/tls_library.h"
#include "os/clock.h"
#include "pipeline/core_settings.h"
#include "pipeline/expression/scope.h"
#include "pipeline/server_log.h"

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
    config::merge_servers<CoreServerSettings>(configuration);
    return ssl::make_contexts(configuration, pass_phrases(), ssl::shared_state());
}

Verdict check_access(Request& request) {
    const auto verdict = ssl::check_access(request);
    if (!verdict.is_refusal()) ssl::insist_on_user(request);
    return verdict;
}

// Any name of that kind: one that nobody knows has nothing to say.
expression::VariableReader expression_variable(std::string_view name) {
    if (!name.starts_with("SSL_")) return nullptr;
    return [variable = ssl::find_ssl_variable(name)](const Request& request) {
        return variable.of(request);
    };
}

std::string_view read_variable(std::string_view name, expression::Scope& scope) {
    return ssl::find_ssl_variable(name).of(scope.request);
}

expression::StringFunction expression_function(std::string_view name) {
    return iequals(name, "SSL") ? read_variable : nullptr;
}

expression::ListFunction expression_list(std::string_view name) {
    return iequals(name, "PeerExtList") ? ssl::client_extensions : nullptr;
}

Verdict fixups(Request& request) {
    ssl::export_variables(request);
    ssl::name_user(request);
    return declined;
}

void renew_ticket_keys() {
    if (const auto& keys = ssl::shared_state().ticket_keys)
        keys->renew_if_old(seconds_since_1970());
}

// What a child must not have, or must not change.
void give_up_secrets(const config::Configuration& configuration) {
    pass_phrases().forget();
    const auto& keys = ssl::shared_state().ticket_keys;
    if (auto done = keys ? keys->only_read() : Status(); !done)
        log_to(configuration.main_server(),
               {.module = "ssl", .text = done.error().what, .code = done.error().code});
}

} // namespace

Module ssl_module() {
    return {
        .name = "ssl",
        .directives = ssl::ssl_directives(),
        .settings = {config::settings_type<ssl::SslServerSettings>(),
                     config::settings_type<ssl::SslDirectorySettings>()},
        .hooks = {.post_config = prepare,
                  .monitor = renew_ticket_keys,
                  .child_init = give_up_secrets,
                  .pre_connection = ssl::begin_tls,
                  .post_read_request = ssl::check_host,
                  .access_checker = check_access,
                  .check_user_id = ssl::fake_basic_field,
                  .fixups = fixups},
        .expression_variable = expression_variable,
        .expression_function = expression_function,
        .expression_list = expression_list,
    };
}

} // namespace preforkd
