// proxy_balancer: what is known of each balancer and its members, as a page. It changes nothing:
// what an administrator wants otherwise stands in the configuration.
#include <fmt/format.h>

#include "base/product.h"
#include "base/text.h"
#include "modules/modules.h"
#include "modules/proxy/proxy_settings.h"
#include "pipeline/core_settings.h"
#include "pipeline/server_names.h"

namespace preforkd {

namespace proxy {

namespace {

constexpr std::string_view style = "<style>table{border-collapse:collapse;margin-bottom:1em}"
                                   "th,td{border:1px solid #bbb;padding:2px 8px;text-align:left}"
                                   "th{background:#eee}td.n{text-align:right}</style>\n";

struct StatusWord {
    unsigned bit;
    std::string_view word;
};
constexpr StatusWord status_words[] = {
    {worker_ignores_errors, "Ign "}, {worker_drains, "Drn "},   {worker_hot_standby, "Stby "},
    {worker_hot_spare, "Spar "},     {worker_disabled, "Dis "}, {worker_stopped, "Stop "},
    {worker_failed, "Err "},
};

// "Init Ok", "Init Err Stby": Apache's words.
std::string status_text(const Worker& worker) {
    const unsigned status = worker.state->status;
    std::string text = "Init ";
    for (const auto& [bit, word] : status_words)
        if (status & bit) text += word;
    if (!(status & (worker_failed | worker_stopped | worker_disabled))) text += "Ok ";
    return text;
}

std::string_view name_of(Method method) {
    switch (method) {
    case Method::requests: return "byrequests";
    case Method::traffic: return "bytraffic";
    case Method::busyness: return "bybusyness";
    }
    return {};
}

std::string member_row(const Worker& worker) {
    const auto& state = *worker.state;
    return fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td class=n>{:.2f}</td><td class=n>{}"
                       "</td><td>{}</td><td class=n>{}</td><td class=n>{}</td><td class=n>{}</td>"
                       "<td class=n>{}</td><td class=n>{}</td></tr>\n",
                       escape_html(worker.name), escape_html(worker.route),
                       escape_html(worker.redirect), worker.load_factor / 100.0, worker.set,
                       status_text(worker), state.elected.load(), state.busy.load(),
                       state.load.load(), short_size(static_cast<std::int64_t>(state.sent.load())),
                       short_size(static_cast<std::int64_t>(state.received.load())));
}

std::string sticky_text(const Balancer& balancer) {
    if (balancer.sticky_cookie.empty()) return " (None) ";
    if (balancer.sticky_cookie == balancer.sticky_parameter)
        return escape_html(balancer.sticky_cookie);
    return escape_html(balancer.sticky_cookie + " | " + balancer.sticky_parameter);
}

std::string balancer_part(const Balancer& balancer) {
    const auto seconds =
        std::chrono::floor<std::chrono::seconds>(balancer.timeout.value_or(Duration::zero()));
    std::string text = fmt::format(
        "<hr />\n<h3>LoadBalancer Status for {0}</h3>\n<table>\n"
        "<tr><th>MaxMembers</th><th>StickySession</th><th>DisableFailover</th><th>Timeout</th>"
        "<th>FailoverAttempts</th><th>Method</th><th>Path</th><th>Active</th></tr>\n"
        "<tr><td>{1} [{1} Used]</td><td>{2}</td><td>{3}</td><td class=n>{4}</td>"
        "<td class=n>{5}</td><td>{6}</td><td>{7}</td><td>Yes</td></tr>\n</table>\n<table>\n"
        "<tr><th>Worker URL</th><th>Route</th><th>RouteRedir</th><th>Factor</th><th>Set</th>"
        "<th>Status</th><th>Elected</th><th>Busy</th><th>Load</th><th>To</th><th>From</th></tr>\n",
        escape_html(balancer.name), balancer.members.size(), sticky_text(balancer),
        balancer.never_fails_over ? "On" : "Off", seconds.count(), attempts_of(balancer),
        name_of(balancer.method), escape_html(balancer.path));
    for (const auto& member : balancer.members) text += member_row(*member);
    return text + "</table>\n";
}

Verdict show_balancers(Request& request, Responder& responder) {
    if (handler_of(request) != "balancer-manager") return declined;
    if (request.head.method != http::Method::get && request.head.method != http::Method::head)
        return refuse(405);
    std::string page = fmt::format(
        "<!DOCTYPE html>\n<html><head><title>Balancer Manager</title>\n{}</head>\n<body>"
        "<h1>Load Balancer Manager for {}</h1>\n<dl><dt>Server Version: {}</dt>\n"
        "<dt>Server Built: {}</dt></dl>\n",
        style, escape_html(server_name_for(request)),
        escape_html(request.of<CoreServerSettings>().server_field()), product::built());
    for (const auto* balancer : request.of<ServerSettings>().balancers)
        page += balancer_part(*balancer);
    page += "<hr />\n" + std::string(signature(request, "")) + "</body></html>\n";
    request.response.content_type = "text/html; charset=ISO-8859-1";
    request.response.fields.set(http::FieldId::cache_control, "no-cache");
    static_cast<void>(responder.send(request, page));
    return done;
}

} // namespace

} // namespace proxy

Module proxy_balancer_module() {
    Module module{.name = "proxy_balancer"};
    module.hooks.handler = proxy::show_balancers;
    return module;
}

} // namespace preforkd
