#include "modules/access/auth_digest/nonce_check.h"

#include <fmt/format.h>

#include "modules/access/auth_digest/settings.h"
#include "modules/access/auth_digest/shared_state.h"
#include "modules/access/auth_digest/shown_field.h"

namespace preforkd::auth_digest {

namespace {

NonceState check_age(const Request& request, const DigestField& field, std::int64_t made) {
    const auto lifetime = request.of<Settings>().lifetime;
    if (lifetime <= 0) return NonceState::good;
    const double age = static_cast<double>(request.received_at - made) / 1e6;
    if (age < 0) {
        request.log("auth_digest", log::Level::error,
                    fmt::format("AH01777: invalid nonce {} received - user attempted time travel",
                                field.nonce));
        return NonceState::stale;
    }
    if (age <= static_cast<double>(lifetime)) return NonceState::good;
    request.log(
        "auth_digest", log::Level::info,
        fmt::format("AH01778: user {}: nonce expired ({:.2f} seconds old - max lifetime {:.2f}) - "
                    "sending new nonce",
                    field.user, age, static_cast<double>(lifetime)));
    return NonceState::stale;
}

NonceState refuse_use(const Request& request, const DigestField& field, const NonceUse& use,
                      std::uint64_t last_count) {
    if (use.once) {
        request.log(
            "auth_digest", log::Level::info,
            fmt::format("AH01779: user {}: one-time-nonce {} already used - sending new nonce",
                        field.user, field.nonce));
        return NonceState::stale;
    }
    request.log(
        "auth_digest", log::Level::error,
        fmt::format("AH01774: Warning, possible replay attack: nonce-count check failed: {} is not "
                    "above {} for nonce {}",
                    use.count, last_count, field.nonce));
    return NonceState::wrong;
}

NonceState check_use(const Request& request, const DigestField& field, std::int64_t made) {
    const auto count = field.use_count();
    if (!count) {
        request.log("auth_digest", log::Level::error,
                    fmt::format("AH01773: invalid nc {} received - not a number", field.count));
        return NonceState::wrong;
    }
    const NonceUse use{made, *count, request.of<Settings>().has_one_time_nonces()};
    const auto noted = clients().note(field.client(), use, request.received_at);
    switch (noted.answer) {
    case ClientTable::Answer::is_new: return NonceState::good;
    case ClientTable::Answer::was_used: return refuse_use(request, field, use, noted.last_count);
    case ClientTable::Answer::unknown_client: break;
    }
    request.log(
        "auth_digest", log::Level::info,
        fmt::format("AH10618: client {} is no longer known - sending new nonce", field.client()));
    return NonceState::stale;
}

} // namespace

NonceState check_nonce(Request& request, const DigestField& field) {
    const auto owner = owner_of(request, field);
    const auto made = time_of(field.nonce, owner);
    if (!made) {
        request.log("auth_digest", log::Level::error,
                    fmt::format("AH01776: invalid nonce {} received - hash is not {}", field.nonce,
                                expected_seal(field.nonce, owner)));
        return NonceState::stale;
    }
    if (const auto state = check_age(request, field, *made); state != NonceState::good)
        return state;
    Request& asked = sent_by_client(request);
    if (!request.of<Settings>().tracks_clients() || asked.nonce_is_noted) return NonceState::good;
    const auto state = check_use(request, field, *made);
    asked.nonce_is_noted = state == NonceState::good;
    return state;
}

} // namespace preforkd::auth_digest
