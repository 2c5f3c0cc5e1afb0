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

Verdict authorize(Request& request, const Phases& phases) {
    for (const Request* before : {request.previous, request.main}) {
        if (!was_judged(request, before)) continue;
        request.user = before->user;
        request.auth_type = before->auth_type;
        return ok;
    }
    return check_access(request, phases);
}

} // namespace preforkd
