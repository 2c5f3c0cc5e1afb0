#include "pipeline/authorization.h"

namespace preforkd {

namespace {

// A redirect or subrequest under the same settings has been judged with its parent. As in Apache
// that goes for the error document of what was refused, too: who shuts a folder may keep the page
// there that says so.
bool was_judged(const Request& request, const Request* before) {
    return before && before->settings->is_of_the_same(*request.settings);
}

Verdict check_access(Request& request, const Phases& phases) {
    Verdict verdict = run_all(phases.access_checker, request);
    if (verdict.is_done()) return ok; // Satisfy Any: the place the client comes from is enough
    if (!verdict.is_ok()) return verdict;
    if (!request.needs_user) return ok;

    verdict = run_first(phases.check_user_id, request);
    if (verdict.is_ok()) verdict = run_first(phases.auth_checker, request);
    if (!verdict.is_declined()) return verdict;
    request.log("core", log::Level::error,
                request.arena.join({"AH00027: No authentication done but request not allowed "
                                    "without authentication for ",
                                    request.uri, ". Authentication not configured?"}));
    return refuse(500);
}

} // namespace

bool asks_as_proxy(const Request& request) { return request.other_server.is_clients_choice; }

std::string_view credentials_of(const Request& request) {
    return request.head.fields.value_or_empty(
        asks_as_proxy(request) ? http::FieldId::proxy_authorization : http::FieldId::authorization);
}

void ask_for_credentials(Request& request, std::string_view challenge) {
    auto& fields = request.response.error_fields;
    if (asks_as_proxy(request)) fields.set("Proxy-Authenticate", challenge);
    else fields.set(http::FieldId::www_authenticate, challenge);
}

Verdict authorize(Request& request, const Phases& phases) {
    for (const Request* before : {request.previous, request.main}) {
        if (!was_judged(request, before)) continue;
        request.user = before->user;
        request.auth_type = before->auth_type;
        return ok;
    }
    const Verdict verdict = check_access(request, phases);
    const bool lacks_user = verdict.is_refusal() && verdict.status() == 401;
    return lacks_user && asks_as_proxy(request) ? refuse(407) : verdict;
}

} // namespace preforkd
