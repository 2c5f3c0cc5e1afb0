// status: the handler server-status, which tells what every child does just now.
#include <algorithm>
#include <charconv>

#include "config/process_settings.h"
#include "modules/content/status/status_text.h"
#include "modules/modules.h"
#include "os/clock.h"
#include "os/cpu_time.h"
#include "os/load_average.h"
#include "pipeline/request.h"
#include "pipeline/server_names.h"

namespace preforkd {

namespace {

constexpr int usual_refresh_seconds = 10;

bool is_meant(const Request& request) {
    const auto name = request.handler_name;
    const auto method = request.head.method;
    return (name == "server-status" || name == "application/x-httpd-status") &&
           (method == http::Method::get || method == http::Method::head);
}

// Options are looked for anywhere in the query, as in Apache.
bool asks_for(const Request& request, std::string_view option) {
    return request.query.find(option) != std::string_view::npos;
}

void add_refresh(Request& request) {
    constexpr std::string_view option = "refresh";
    const auto place = request.query.find(option);
    if (place == std::string_view::npos) return;
    auto rest = request.query.substr(place + option.size());
    int seconds = 0;
    if (rest.starts_with('=')) {
        rest.remove_prefix(1);
        std::from_chars(rest.data(), rest.data() + rest.size(), seconds);
    }
    if (seconds < 1) seconds = usual_refresh_seconds;
    request.response.fields.set("Refresh", request.arena.copy(std::to_string(seconds)));
}

status::Surroundings surroundings_of(const Request& request) {
    return {server_name_for(request), request.connection.local_ip, signature(request, "<hr />\n"),
            load_averages(), cpu_ticks_per_second()};
}

std::string text_for(Request& request, const status::PoolNumbers& pool) {
    auto& type = request.response.content_type;
    if (asks_for(request, "json")) {
        type = "application/json";
        return status::json_text(pool);
    }
    if (asks_for(request, "auto")) {
        type = "text/plain; charset=ISO-8859-1";
        return status::auto_text(pool, surroundings_of(request));
    }
    type = "text/html; charset=ISO-8859-1";
    return status::page_text(pool, surroundings_of(request), !asks_for(request, "notable"));
}

Verdict answer_status(Request& request, Responder& responder) {
    const auto* board = pool::Scoreboard::current();
    if (!is_meant(request) || !board) return declined;
    const int limit = request.of<config::ProcessSettings>().max_request_workers;
    const auto pool = status::count(*board, microseconds_since_1970(), limit);
    add_refresh(request);
    const std::string text = text_for(request, pool);
    if (!responder.send(request, text)) request.aborted = true;
    return done;
}

} // namespace

Module status_module() { return {.name = "status", .hooks = {.handler = answer_status}}; }

} // namespace preforkd
