// What is kept between connections: sessions, and answers about our certificates that are stapled
// to handshakes.
#include <fmt/format.h>

#include "modules/connection/ssl/cache_choice.h"
#include "modules/connection/ssl/ssl_directives.h"
#include "modules/server/arguments.h"

namespace preforkd::ssl {

namespace {

using config::Arguments;
using config::Invocation;
using config::Shape;

template <auto Field, auto Parse>
Status set_cache(SslServerSettings& settings, Arguments arguments, Invocation& invocation) {
    const auto choice = Parse(invocation.configuration, arguments[0]);
    if (!choice)
        return Error{fmt::format("{}: {}", invocation.directive.name, choice.error().what)};
    settings.*Field = *choice;
    return {};
}

Status set_session_timeout(SslServerSettings& settings, Arguments arguments) {
    const int seconds = leading_integer(arguments[0]);
    if (seconds < 0) return Error{"SSLSessionCacheTimeout: Invalid argument"};
    settings.session_timeout = seconds;
    return {};
}

template <auto Field>
Status set_seconds(SslServerSettings& settings, Arguments arguments, Invocation& invocation) {
    const int seconds = leading_integer(arguments[0]);
    if (seconds < 0) return Error{fmt::format("{}: invalid argument", invocation.directive.name)};
    settings.stapling.*Field = seconds;
    return {};
}

template <auto Field>
Status set_switch(SslServerSettings& settings, Arguments arguments) {
    settings.stapling.*Field = config::is_on(arguments[0]);
    return {};
}

Status set_force_url(SslServerSettings& settings, Arguments arguments) {
    settings.stapling.force_url = arguments[0];
    return {};
}

Rows session_rows() {
    using config::edits;
    using S = SslServerSettings;
    return {
        {"SSLSessionCache", Shape::one, config::server_config, config::override_none,
         edits<set_cache<&S::session_cache, parse_session_cache>>,
         "SSL Session Cache storage ('none', 'nonenotnull', 'dbm:/path/to/file')"},
        server_row("SSLSessionCacheTimeout", Shape::one, edits<set_session_timeout>,
                   "SSL Session Cache object lifetime ('N' - number of seconds)"),
        {"SSLStaplingCache", Shape::one, config::server_config, config::override_none,
         edits<set_cache<&S::stapling_cache, parse_stapling_cache>>,
         "SSL Stapling Response Cache storage (`dbm:/path/to/file')"},
    };
}

} // namespace

Rows cache_rows() {
    using config::edits;
    using S = StaplingSettings;
    Rows rows = session_rows();
    const Rows stapling{
        server_row("SSLUseStapling", Shape::flag, edits<set_switch<&S::use>>,
                   "SSL switch for the OCSP Stapling protocol (`on', `off')"),
        server_row("SSLStaplingResponseTimeSkew", Shape::one, edits<set_seconds<&S::time_skew>>,
                   "SSL stapling option for maximum time difference in OCSP responses"),
        server_row("SSLStaplingResponderTimeout", Shape::one,
                   edits<set_seconds<&S::responder_timeout>>,
                   "SSL stapling option for OCSP responder timeout"),
        server_row("SSLStaplingResponseMaxAge", Shape::one, edits<set_seconds<&S::max_age>>,
                   "SSL stapling option for maximum age of OCSP responses"),
        server_row("SSLStaplingStandardCacheTimeout", Shape::one,
                   edits<set_seconds<&S::standard_cache_timeout>>,
                   "SSL stapling option for normal OCSP Response Cache Lifetime"),
        server_row("SSLStaplingErrorCacheTimeout", Shape::one,
                   edits<set_seconds<&S::error_cache_timeout>>,
                   "SSL stapling option for OCSP Response Error Cache Lifetime"),
        server_row("SSLStaplingReturnResponderErrors", Shape::flag,
                   edits<set_switch<&S::return_responder_errors>>,
                   "SSL stapling switch to return Status Errors Back to Client(`on', `off')"),
        server_row("SSLStaplingFakeTryLater", Shape::flag, edits<set_switch<&S::fake_try_later>>,
                   "SSL stapling switch to send tryLater response to client on error "
                   "(`on', `off')"),
        server_row("SSLStaplingForceURL", Shape::one, edits<set_force_url>,
                   "SSL stapling option to Force the OCSP Stapling URL"),
    };
    rows.insert(rows.end(), stapling.begin(), stapling.end());
    return rows;
}

} // namespace preforkd::ssl
