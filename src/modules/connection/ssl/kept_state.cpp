#include "modules/connection/ssl/kept_state.h"

#include <ctime>

namespace preforkd::ssl {

namespace {

// A cache of the size that is wanted stays as it is.
Status provide(std::shared_ptr<net::SharedCache>& cache, const CacheChoice& choice) {
    if (choice.kind != CacheChoice::Kind::shared_memory) {
        cache.reset();
        return {};
    }
    if (cache && cache->size() >= choice.size && cache->size() < choice.size + 4096) return {};
    auto made = net::SharedCache::create(choice.size);
    if (!made) return made.error();
    cache = std::make_shared<net::SharedCache>(std::move(*made));
    return {};
}

} // namespace

Status KeptState::prepare(const SslServerSettings& main_server) {
    if (auto provided = provide(sessions_, main_server.session_cache); !provided) return provided;
    const auto now = std::time(nullptr);
    if (random_keys_) {
        random_keys_->renew_if_old(now);
        return {};
    }
    auto made = net::TlsTicketKeys::make_random(now);
    if (!made) return made.error();
    random_keys_ = std::move(*made);
    return {};
}

Result<net::TlsShared> KeptState::for_host(const SslServerSettings& said) const {
    net::TlsShared shared{sessions_, random_keys_};
    if (!said.ticket_key_file) return shared;
    auto keys = net::TlsTicketKeys::read(*said.ticket_key_file);
    if (!keys) return keys.error();
    shared.ticket_keys = std::move(*keys);
    return shared;
}

Status KeptState::let_go() {
    pass_phrases.forget();
    return random_keys_ ? random_keys_->only_read() : Status();
}

} // namespace preforkd::ssl
