// auth_digest: users by a digest of their password in the Authorization field (RFC 7616, with MD5).
#include <fmt/format.h>

#include "base/text.h"
#include "http/uri.h"
#include "modules/access/auth_digest/challenge.h"
#include "modules/access/auth_digest/digest_field.h"
#include "modules/access/auth_digest/nonce_check.h"
#include "modules/access/auth_digest/settings.h"
#include "modules/access/auth_digest/shared_state.h"
#include "modules/access/auth_digest/shown_field.h"
#include "modules/access/authentication.h"
#include "modules/access/authn_provider.h"
#include "modules/modules.h"
#include "net/digest.h"
#include "pipeline/authorization.h"
#include "pipeline/request.h"

namespace preforkd {

using auth_digest::DigestField;
using auth_digest::NonceState;
using auth_digest::sent_by_client;

namespace {

std::string_view realm_of(Request& request) { return auth_name_of(request); }

Verdict ask(Request& request, bool stale) {
    return refuse(auth_digest::challenge(request, stale) ? 401 : 503);
}

template <class... Parts>
void say(const Request& request, const Parts&... parts) {
    request.log("auth_digest", log::Level::error, request.arena.join({parts...}));
}

// The target as the client sent it, and what the field says of it: proxies rewrite one of the two.
bool is_for_same_target(Request& request, std::string_view uri) {
    const Request& asked = sent_by_client(request);
    const auto sent =
        asked.has_query ? request.arena.join({asked.raw_path, "?", asked.query}) : asked.raw_path;
    if (uri == sent) return true;
    const auto target = http::parse_target(uri);
    if (!target || target->query.value_or("") != asked.query) return false;
    const auto decode = [&](std::string_view path) {
        return http::decode_path(path, http::EncodedSlashes::decode, request.arena).path;
    };
    return decode(target->path) == decode(asked.raw_path);
}

Authentication find_secret(Request& request, const DigestField& field, std::string& secret) {
    const auto& named = request.of<auth_digest::Settings>().providers;
    const std::string user(field.user), realm(realm_of(request));
    if (named.empty())
        return usual_authentication_provider().find_digest(request, user, realm, secret);
    for (const auto* provider : named) {
        const auto found = provider->find_digest(request, user, realm, secret);
        if (found != Authentication::user_not_found) return found;
    }
    return Authentication::user_not_found;
}

Verdict check_password(Request& request, const DigestField& field) {
    std::string secret;
    switch (find_secret(request, field, secret)) {
    case Authentication::granted: break;
    case Authentication::user_not_found:
        say(request, "AH01790: user `", field.user, "' in realm `", realm_of(request),
            "' not found: ", request.uri);
        return ask(request, false);
    case Authentication::denied:
        say(request, "AH01791: user `", field.user, "' in realm `", realm_of(request),
            "' denied by provider: ", request.uri);
        return ask(request, false);
    case Authentication::failed: return refuse(500);
    }
    if (!iequals(field.qop, "auth")) {
        say(request, "AH10560: invalid or missing qop value '", field.qop,
            "', RFC 2069 is no longer supported: ", request.uri);
        return ask(request, false);
    }
    const auto expected =
        auth_digest::expected_response(field, secret, sent_by_client(request).head.method_name);
    if (!net::are_equal(field.response, expected)) {
        say(request, "AH01794: user ", field.user, ": password mismatch: ", request.uri);
        return ask(request, false);
    }
    return ok;
}

// What the field says of itself, before anybody's password is looked at.
Verdict check_field(Request& request, const DigestField& field) {
    if (!is_for_same_target(request, field.uri)) {
        const Request& asked = sent_by_client(request);
        say(request, "AH01786: uri mismatch - <", field.uri, "> does not match request-uri <",
            asked.head.target, ">");
        return refuse(400);
    }
    if (field.has_opaque() && field.client() == 0) {
        say(request, "AH01787: received invalid opaque - got `", field.opaque, "'");
        return ask(request, false);
    }
    if (field.realm != realm_of(request)) {
        say(request, "AH01788: realm mismatch - got `", field.realm, "' but expected `",
            realm_of(request), "'");
        return ask(request, false);
    }
    if (!field.algorithm.empty() && !iequals(field.algorithm, "MD5")) {
        say(request, "AH01789: unknown algorithm `", field.algorithm, "' received: ", request.uri);
        return ask(request, false);
    }
    return ok;
}

// Nothing where the client showed none, or none that can be read; it is asked then.
std::optional<DigestField> read_field(Request& request) {
    const auto given = credentials_of(request);
    if (given.empty()) return {};
    if (!istarts_with(given, "digest ")) {
        say(request, "AH01781: client used wrong authentication scheme `",
            given.substr(0, given.find(' ')), "': ", request.uri);
        return {};
    }
    const auto field = auth_digest::shown_field(request);
    if (field && auth_digest::can_be_checked(*field)) return field;
    say(request,
        "AH01782: missing user, realm, nonce, uri, digest, cnonce, or nonce_count in "
        "authorization header: ",
        request.uri);
    return {};
}

Verdict check_user_id(Request& request) {
    if (!iequals(auth_type_of(request), "digest")) return declined;
    if (!has_auth_name(request)) {
        say(request, "AH01780: need AuthName: ", request.uri);
        return refuse(500);
    }
    const auto field = read_field(request);
    if (!field) return ask(request, false);
    request.user = field->user;
    request.auth_type = "Digest";
    if (auto verdict = check_field(request, *field); !verdict.is_ok()) return verdict;
    if (auto verdict = check_password(request, *field); !verdict.is_ok()) return verdict;
    const auto state = auth_digest::check_nonce(request, *field);
    return state == NonceState::good ? ok : ask(request, state == NonceState::stale);
}

// The server shows that it knows the password as well (RFC 7616 §3.5). What it knows is asked for
// anew: kept anywhere in the request, it could reach a log.
Verdict fixups(Request& request) {
    const bool is_error_page = request.previous && request.previous->response.status != 200;
    if (request.main || is_error_page || request.auth_type != "Digest" ||
        !iequals(auth_type_of(request), "digest"))
        return declined;
    const auto field = read_field(request);
    std::string secret;
    if (!field || find_secret(request, *field, secret) != Authentication::granted) return declined;
    const auto next = auth_digest::next_nonce(request, *field);
    const auto text = fmt::format("rspauth=\"{}\"{}, cnonce=\"{}\", nc={}, qop={}",
                                  auth_digest::expected_response(*field, secret, ""),
                                  next.empty() ? "" : fmt::format(", nextnonce=\"{}\"", next),
                                  field->cnonce, field->count, field->qop);
    request.response.fields.set(asks_as_proxy(request) ? "Proxy-Authentication-Info"
                                                       : "Authentication-Info",
                                request.arena.copy(text));
    return declined;
}

} // namespace

void challenge_by_digest(Request& request) { auth_digest::challenge(request, false); }

Module auth_digest_module() {
    return {
        .name = "auth_digest",
        .directives = auth_digest::directives(),
        .settings = {config::settings_type<auth_digest::Settings>(),
                     config::settings_type<auth_digest::ServerSettings>()},
        .hooks = {.post_config = auth_digest::share_state,
                  .child_init = auth_digest::use_state,
                  .check_user_id = check_user_id,
                  .fixups = fixups},
    };
}

} // namespace preforkd
