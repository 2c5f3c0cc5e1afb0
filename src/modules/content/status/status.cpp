// status: the handlers server-status and server-metrics, which tell what every child does just now.
#include <cstdlib>
#include <random>

#include "base/text.h"
#include "config/process_settings.h"
#include "modules/connection/ssl/shared_state.h"
#include "modules/content/status/status_text.h"
#include "modules/modules.h"
#include "os/clock.h"
#include "os/cpu_time.h"
#include "os/load_average.h"
#include "pipeline/core_settings.h"
#include "pipeline/request.h"
#include "pipeline/server_names.h"

namespace preforkd {

namespace {

constexpr long usual_refresh_seconds = 10;

bool is_read(const Request& request) {
    const auto method = request.head.method;
    return method == http::Method::get || method == http::Method::head;
}

// Apache's options are looked for anywhere in the query, as there.
bool asks_for(const Request& request, std::string_view option) {
    return request.query.find(option) != std::string_view::npos;
}

// Our own have to be a parameter's name, so that no query for Apache's pages hits one by chance.
bool names(const Request& request, std::string_view option) {
    for (const auto parameter : split(request.query, '&'))
        if (parameter.substr(0, parameter.find('=')) == option) return true;
    return false;
}

// As atol reads it: "7x" is 7, and what is no number, or below 1, is the usual time.
void add_refresh(Request& request) {
    constexpr std::string_view option = "refresh";
    const auto place = request.query.find(option);
    if (place == std::string_view::npos) return;
    const std::string rest(request.query.substr(place + option.size()));
    long seconds = rest.starts_with('=') ? std::strtol(rest.c_str() + 1, nullptr, 10) : 0;
    if (seconds < 1) seconds = usual_refresh_seconds;
    request.response.fields.set("Refresh", request.arena.copy(std::to_string(seconds)));
}

std::string random_word() {
    std::random_device source;
    std::string word;
    for (int i = 0; i < 16; ++i) word += "0123456789abcdef"[source() % 16];
    return word;
}

// Nothing but the page's own style and script applies, whatever a client got into the scoreboard.
void allow_only(Request& request, std::string_view nonce) {
    auto& fields = request.response.fields;
    const std::string policy = "default-src 'none'; style-src 'nonce-" + std::string(nonce) +
                               "'; script-src 'nonce-" + std::string(nonce) +
                               "'; connect-src 'self'; img-src data:; base-uri 'none'; "
                               "form-action 'none'; frame-ancestors 'none'";
    fields.set("Content-Security-Policy", request.arena.copy(policy));
    fields.set("X-Content-Type-Options", "nosniff");
    fields.set("Referrer-Policy", "no-referrer");
    fields.set("Cache-Control", "no-store");
}

const config::ProcessSettings& processes_of(const Request& request) {
    return request.of<config::ProcessSettings>();
}

status::PoolNumbers count_pool(const pool::Scoreboard& board, const Request& request) {
    return status::count(board, microseconds_since_1970(),
                         processes_of(request).max_request_workers);
}

std::optional<net::SharedCache::Figures> session_figures() {
    const auto& sessions = ssl::shared_state().sessions;
    if (!sessions) return {};
    return sessions->figures(seconds_since_1970());
}

status::Surroundings surroundings_of(const Request& request) {
    return {server_name_for(request),
            request.of<CoreServerSettings>().description,
            request.connection.local_ip,
            signature(request, "<hr />\n"),
            load_averages(),
            cpu_ticks_per_second(),
            processes_of(request).see_request_tail,
            session_figures()};
}

std::string drawn_page(Request& request, const pool::Scoreboard& board) {
    const std::string nonce = random_word();
    allow_only(request, nonce);
    const auto pool = count_pool(board, request);
    return status::drawn_page_text(pool, status::last_minutes(board, pool.now),
                                   surroundings_of(request), nonce);
}

std::string json(const Request& request, const pool::Scoreboard& board) {
    const auto pool = count_pool(board, request);
    std::vector<status::SecondNumbers> history;
    if (names(request, "history")) history = status::last_minutes(board, pool.now);
    return status::json_text(pool, history, surroundings_of(request));
}

std::string status_text(Request& request, const pool::Scoreboard& board) {
    auto& type = request.response.content_type;
    if (names(request, "json")) {
        type = "application/json";
        return json(request, board);
    }
    if (names(request, "page")) {
        type = "text/html; charset=utf-8";
        return drawn_page(request, board);
    }
    if (asks_for(request, "auto")) {
        type = "text/plain; charset=ISO-8859-1";
        return status::auto_text(count_pool(board, request), surroundings_of(request));
    }
    type = "text/html; charset=ISO-8859-1";
    return status::page_text(count_pool(board, request), surroundings_of(request),
                             !asks_for(request, "notable"));
}

std::string metrics_text(Request& request, const pool::Scoreboard& board) {
    request.response.content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    return status::metrics_text(count_pool(board, request), surroundings_of(request));
}

Verdict send(Request& request, Responder& responder, const std::string& text) {
    if (!responder.send(request, text)) request.aborted = true;
    return done;
}

Verdict answer_status(Request& request, Responder& responder) {
    const auto* board = pool::Scoreboard::current();
    if (!board || !is_read(request)) return declined;
    const auto name = request.handler_name;
    if (name == "server-status" || name == "application/x-httpd-status") {
        add_refresh(request);
        return send(request, responder, status_text(request, *board));
    }
    if (name == "server-metrics") return send(request, responder, metrics_text(request, *board));
    return declined;
}

} // namespace

Module status_module() { return {.name = "status", .hooks = {.handler = answer_status}}; }

} // namespace preforkd
