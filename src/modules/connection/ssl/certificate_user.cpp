#include "modules/connection/ssl/certificate_user.h"

#include "base/base64.h"
#include "base/text.h"
#include "modules/connection/ssl/ssl_settings.h"
#include "modules/connection/ssl/ssl_variables.h"
#include "net/tls_facts.h"

namespace preforkd::ssl {

namespace {

constexpr std::string_view scheme = "Basic ";
constexpr std::string_view password = ":password";

bool fakes(const Request& request) {
    return (request.of<SslDirectorySettings>().effective_options() & option_fake_basic_auth) != 0;
}

// A client that types in what a certificate would make of it.
Verdict refuse_spoof(Request& request) {
    const auto given = request.head.fields.value_or_empty(http::FieldId::authorization);
    if (!given.starts_with(scheme)) return declined;
    const auto decoded = decode_base64(trim(given.substr(scheme.size())));
    const auto colon = decoded.find(':');
    if (!decoded.starts_with('/') || colon == std::string::npos ||
        std::string_view(decoded).substr(colon) != password)
        return declined;
    request.log("ssl", log::Level::error,
                request.arena.join({"AH02035: Encountered FakeBasicAuth spoof: ",
                                    std::string_view(decoded).substr(0, colon)}));
    return refuse(403);
}

} // namespace

bool name_user(Request& request) {
    const auto& variable = request.of<SslDirectorySettings>().user_variable;
    if (!variable || !request.connection.tls || fakes(request)) return true;
    const auto value = find_ssl_variable(*variable).of(request);
    if (value.empty()) return false;
    request.user = value;
    request.auth_type = "ClientCert";
    return true;
}

void insist_on_user(Request& request) {
    if (name_user(request)) return;
    request.log("ssl", log::Level::warn,
                request.arena.join({"AH02227: Failed to set r->user to '",
                                    *request.of<SslDirectorySettings>().user_variable, "'"}));
}

Verdict fake_basic_field(Request& request) {
    const bool is_first = !request.main && !request.previous;
    if (!is_first) return declined;
    if (const auto refused = refuse_spoof(request); refused.is_refusal()) return refused;
    if (!request.connection.tls || !fakes(request) || !request.user.empty()) return declined;
    const auto shown = net::client_certificate(*request.connection.tls);
    if (!shown) return declined;
    Arena& arena = request.arena;
    const auto user = shown.subject().text(net::NameFormat::legacy, arena);
    const auto field = arena.join({scheme, base64(arena.join({user, password}))});
    request.head.fields.set(http::FieldId::authorization, field);
    request.log(
        "ssl", log::Level::info,
        arena.join({"AH02036: Faking HTTP Basic Auth header: \"Authorization: ", field, "\""}));
    return declined;
}

} // namespace preforkd::ssl
