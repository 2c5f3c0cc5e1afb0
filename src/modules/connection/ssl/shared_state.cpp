#include "modules/connection/ssl/shared_state.h"

#include <fmt/format.h>

#include "modules/connection/ssl/host_name.h"
#include "modules/connection/ssl/ssl_settings.h"
#include "net/tls_session_cache.h"
#include "os/clock.h"

namespace preforkd::ssl {

namespace {

using Cache = std::shared_ptr<net::SharedCache>;

// The cache that there is where it fits.
Status follow_choice(Cache& cache, const std::optional<CacheChoice>& choice) {
    const bool wanted = choice && choice->kind == CacheChoice::Kind::shared_memory;
    if (!wanted) cache.reset();
    if (!wanted || (cache && cache->size() == choice->size)) return {};
    auto made = net::SharedCache::create(choice->size);
    if (!made)
        return Error{"AH00819: Could not allocate shared memory segment for shmcb socache: " +
                     made.error().what};
    cache = std::make_shared<net::SharedCache>(std::move(*made));
    return {};
}

net::StaplingRules rules_of(const StaplingSettings& said) {
    net::StaplingRules rules;
    rules.time_skew = said.time_skew.value_or(rules.time_skew);
    rules.responder_timeout = said.responder_timeout.value_or(rules.responder_timeout);
    rules.max_age = said.max_age.value_or(rules.max_age);
    rules.standard_timeout = said.standard_cache_timeout.value_or(rules.standard_timeout);
    rules.error_timeout = said.error_cache_timeout.value_or(rules.error_timeout);
    rules.return_responder_errors =
        said.return_responder_errors.value_or(rules.return_responder_errors);
    rules.fake_try_later = said.fake_try_later.value_or(rules.fake_try_later);
    rules.force_url = said.force_url.value_or("");
    return rules;
}

Status share_ticket_keys(HostShare& share, const config::Server& server, const SharedState& state) {
    const auto& file = server.of<SslServerSettings>().ticket_key_file;
    share.ticket_keys = state.ticket_keys;
    if (!file) return {};
    auto keys = net::TlsTicketKeys::read(*file);
    if (!keys) return keys.error();
    share.ticket_keys = std::move(*keys);
    say_of_host(server, log::Level::info,
                fmt::format("AH02288: TLS session ticket key for {} successfully loaded from {}",
                            host_name(server), *file));
    return {};
}

Status share_staples(HostShare& share, const config::Server& server, const SharedState& state) {
    const auto& said = server.of<SslServerSettings>().stapling;
    if (!said.use.value_or(false)) return {};
    if (!state.staples) return Error{"AH01958: SSLStapling: no stapling cache available"};
    share.staples = state.staples;
    share.stapling = std::make_unique<net::TlsStapling>(
        rules_of(said), *state.staples, host_name(server),
        [&server](log::Level level, std::string_view text, int code) {
            say_of_host(server, level, text, code);
        });
    return {};
}

} // namespace

Status SharedState::follow(const config::Configuration& configuration) {
    const auto& main = configuration.main_server();
    const auto& said = main.of<SslServerSettings>();
    if (!said.session_cache)
        say_of_host(main, log::Level::warn,
                    "AH01873: Init: Session Cache is not configured [hint: SSLSessionCache]");
    if (auto done = follow_choice(sessions, said.session_cache); !done) return done;
    if (auto done = follow_choice(staples, said.stapling_cache); !done) return done;
    numbers_sessions =
        said.session_cache && said.session_cache->kind == CacheChoice::Kind::non_zero_id;
    if (ticket_keys) return {};
    auto keys = net::TlsTicketKeys::make_random(seconds_since_1970());
    if (!keys) return keys.error();
    ticket_keys = std::move(*keys);
    return {};
}

Result<std::shared_ptr<HostShare>>
share_with(const config::Server& server, const net::TlsContext& context, const SharedState& state) {
    auto share = std::make_shared<HostShare>();
    if (auto done = share_staples(*share, server, state); !done) return done.error();
    if (auto done = share_ticket_keys(*share, server, state); !done) return done.error();
    share->sessions = state.sessions;
    if (share->sessions) net::share_sessions(context.native(), *share->sessions);
    else if (state.numbers_sessions) net::number_sessions(context.native());
    share->ticket_keys->seal_tickets_of(context.native());
    if (share->stapling) share->stapling->staple_to(context.native());
    return share;
}

SharedState& shared_state() {
    static SharedState state;
    return state;
}

} // namespace preforkd::ssl
