#include "modules/access/auth_digest/challenge.h"

#include <fmt/format.h>
#include <optional>

#include "modules/access/auth_digest/settings.h"
#include "modules/access/auth_digest/shared_state.h"
#include "modules/access/auth_digest/shown_field.h"
#include "modules/access/authentication.h"
#include "pipeline/authorization.h"
#include "pipeline/server_log.h"

namespace preforkd::auth_digest {

namespace {

constexpr double next_nonce_margin = 30; // seconds before the end of a nonce

std::string make_nonce_now(Request& request, std::string_view opaque) {
    const bool once = request.of<Settings>().has_one_time_nonces();
    return make_nonce({auth_name_of(request), opaque},
                      once ? clients().next_moment(request.received_at) : request.received_at);
}

void say_of_host(const Request& request, log::Level level, std::string_view text) {
    log_to(*request.server, {.module = "auth_digest", .level = level, .text = text});
}

// What a new client is called.
std::optional<std::string> add_client(const Request& request, bool renewed) {
    const auto added = clients().add(renewed, request.received_at);
    if (!added) {
        request.log("auth_digest", log::Level::error,
                    "AH01769: unable to allocate a client entry - failing the request, since this "
                    "configuration needs one");
        return std::nullopt;
    }
    if (added->replaced_another) {
        const auto figures = clients().figures();
        say_of_host(
            request, log::Level::info,
            fmt::format("AH01766: gc'd 1 client entries. Total new clients: {}; Total removed "
                        "clients: {}; Total renewed clients: {}",
                        figures.added - figures.renewed, figures.removed, figures.renewed));
    }
    say_of_host(request, log::Level::debug,
                fmt::format("AH01768: allocated new client {}", added->client));
    return fmt::format("{:x}", added->client);
}

// Whether it is one of ours that has not given way to another.
bool is_known(const Request& request, const DigestField& field) {
    const auto client = can_be_checked(field) ? field.client() : 0;
    const bool known = clients().knows(client, request.received_at);
    if (request.log_level("auth_digest") >= log::Level::debug)
        request.log("auth_digest", log::Level::debug,
                    known ? fmt::format("AH01764: client {} found", client)
                          : fmt::format("AH01765: client {} not found", client));
    return known;
}

} // namespace

bool challenge(Request& request, bool stale) {
    const auto& settings = request.of<Settings>();
    const auto field = shown_field(request);
    const bool had_name = field && field->has_opaque();
    std::optional<std::string> opaque = "";
    if (had_name && is_known(request, *field)) {
        opaque = field->opaque;
    } else if (had_name || settings.tracks_clients()) {
        opaque = add_client(request, had_name);
        stale = stale || had_name;
    }
    if (!opaque) return false;
    ask_for_credentials(request,
                        request.arena.copy(fmt::format(
                            "Digest realm=\"{}\", nonce=\"{}\", algorithm=MD5{}{}{}, qop=\"auth\"",
                            auth_name_of(request), make_nonce_now(request, *opaque),
                            opaque->empty() ? "" : fmt::format(", opaque=\"{}\"", *opaque),
                            settings.domain ? fmt::format(", domain=\"{}\"", *settings.domain) : "",
                            stale ? ", stale=true" : "")));
    return true;
}

std::string next_nonce(Request& request, const DigestField& field) {
    const auto& settings = request.of<Settings>();
    if (settings.has_one_time_nonces()) return make_nonce_now(request, field.opaque);
    const auto made = time_of(field.nonce, owner_of(request, field));
    if (settings.lifetime < 0 || !made) return "";
    const double age = static_cast<double>(request.received_at - *made) / 1e6;
    const bool ends_soon = age > static_cast<double>(settings.lifetime) - next_nonce_margin;
    return ends_soon ? make_nonce_now(request, field.opaque) : "";
}

} // namespace preforkd::auth_digest
