// auth_digest: users by a digest of their password in the Authorization field (RFC 7616, with MD5).
#include <fmt/format.h>

#include "base/text.h"
#include "http/uri.h"
#include "modules/access/auth_digest/digest_field.h"
#include "modules/access/auth_digest/nonce.h"
#include "modules/access/auth_digest/settings.h"
#include "modules/access/authentication.h"
#include "modules/access/authn_provider.h"
#include "modules/modules.h"
#include "net/digest.h"
#include "pipeline/request.h"

namespace preforkd {

using auth_digest::DigestField;

namespace {

constexpr std::int64_t usual_lifetime = 300;   // seconds
constexpr std::int64_t next_nonce_margin = 30; // before the end: the client is told of the next

std::string_view realm_of(Request& request) { return auth_name_of(request); }

// What the client sent, of a redirect or subrequest that it led to.
const Request& sent_by_client(const Request& request) {
    const Request* one = &request;
    while (one->previous || one->main) one = one->previous ? one->previous : one->main;
    return *one;
}

// With a new nonce. `stale`: the password was right, or would not matter.
void challenge(Request& request, bool stale) {
    const auto& settings = request.of<auth_digest::Settings>();
    const auto nonce = auth_digest::make_nonce(realm_of(request), request.received_at);
    request.response.error_fields.set(
        http::FieldId::www_authenticate,
        request.arena.copy(fmt::format(
            "Digest realm=\"{}\", nonce=\"{}\", algorithm=MD5{}{}, qop=\"auth\"", realm_of(request),
            nonce, settings.domain ? fmt::format(", domain=\"{}\"", *settings.domain) : "",
            stale ? ", stale=true" : "")));
}

Verdict ask(Request& request, bool stale) {
    challenge(request, stale);
    return refuse(401);
}

template <class... Parts>
void say(const Request& request, const Parts&... parts) {
    request.log("auth_digest", log::Level::error, request.arena.join({parts...}));
}

// The target as the client sent it, and what the field says of it: proxies rewrite one of the two.
bool is_for_same_target(const Request& request, std::string_view uri) {
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

Verdict check_nonce(Request& request, const DigestField& field) {
    const auto made = auth_digest::time_of(field.nonce, realm_of(request));
    if (!made) {
        say(request, "AH01776: invalid nonce ", field.nonce, " received");
        return ask(request, true);
    }
    const auto lifetime = request.of<auth_digest::Settings>().lifetime.value_or(usual_lifetime);
    const auto age = request.received_at - *made; // microseconds
    if (lifetime < 0) return ok;
    if (age < 0) {
        say(request, "AH01777: invalid nonce ", field.nonce,
            " received - user attempted time travel");
        return ask(request, true);
    }
    if (age <= lifetime * 1'000'000) return ok;
    request.log("auth_digest", log::Level::info,
                fmt::format("AH01778: user {}: nonce expired ({:.2f} seconds old - max lifetime "
                            "{:.2f}) - sending new nonce",
                            request.user, static_cast<double>(age) / 1e6,
                            static_cast<double>(lifetime)));
    return ask(request, true);
}

// What the field says of itself, before anybody's password is looked at.
Verdict check_field(Request& request, const DigestField& field) {
    if (!is_for_same_target(request, field.uri)) {
        const Request& asked = sent_by_client(request);
        say(request, "AH01786: uri mismatch - <", field.uri, "> does not match request-uri <",
            asked.raw_path, ">");
        return refuse(400);
    }
    if (!field.opaque.empty()) {
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
    const auto given = request.head.fields.value_or_empty(http::FieldId::authorization);
    if (given.empty()) return {};
    if (!istarts_with(given, "digest ")) {
        say(request, "AH01781: client used wrong authentication scheme `",
            given.substr(0, given.find(' ')), "': ", request.uri);
        return {};
    }
    const auto field = auth_digest::parse_digest_field(given.substr(7), request.arena);
    if (field && field->is_complete() && auth_digest::is_shaped_like_ours(field->nonce))
        return field;
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
    return check_nonce(request, *field);
}

// The server shows that it knows the password as well (RFC 7616 §3.5). What it knows is asked for
// anew: kept anywhere in the request, it could reach a log.
Verdict fixups(Request& request) {
    if (request.main || request.auth_type != "Digest" || !iequals(auth_type_of(request), "digest"))
        return declined;
    const auto field = read_field(request);
    std::string secret;
    if (!field || find_secret(request, *field, secret) != Authentication::granted) return declined;
    const auto lifetime = request.of<auth_digest::Settings>().lifetime.value_or(usual_lifetime);
    const auto made = auth_digest::time_of(field->nonce, realm_of(request));
    std::string next;
    if (lifetime > 0 && made &&
        request.received_at - *made > (lifetime - next_nonce_margin) * 1'000'000)
        next = fmt::format(", nextnonce=\"{}\"",
                           auth_digest::make_nonce(realm_of(request), request.received_at));
    const auto text = fmt::format("rspauth=\"{}\"{}, cnonce=\"{}\", nc={}, qop={}",
                                  auth_digest::expected_response(*field, secret, ""), next,
                                  field->cnonce, field->count, field->qop);
    request.response.fields.set("Authentication-Info", request.arena.copy(text));
    return declined;
}

Status prepare(config::Configuration&) {
    auth_digest::choose_secret();
    return {};
}

} // namespace

void challenge_by_digest(Request& request) { challenge(request, false); }

Module auth_digest_module() {
    return {
        .name = "auth_digest",
        .directives = auth_digest::directives(),
        .settings = {config::settings_type<auth_digest::Settings>()},
        .hooks = {.post_config = prepare, .check_user_id = check_user_id, .fixups = fixups},
    };
}

} // namespace preforkd
