#include "pipeline/authorization.h"

namespace preforkd {

namespace {

// A redirect or subrequest under the same settings of folders is let in with its parent. As in
// Apache that goes for the error document of a file that was refused, too: who shuts a folder may
// keep the page there that says so. Not for that of a folder.
bool was_authorized(const Request& request, const Request* before) {
    if (!before || before->settings != request.settings) return false;
    if (request.has_own_settings && before->uri != request.uri) return false;
    if (request.storage.kind == Storage::Kind::missing) return false;
    return before->was_let_in || before->storage.kind == request.storage.kind;
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
        if (!was_authorized(request, before)) continue;
        request.user = before->user;
        request.auth_type = before->auth_type;
        request.was_let_in = true;
        return ok;
    }
    const Verdict verdict = check_access(request, phases);
    request.was_let_in = verdict.is_ok();
    return verdict;
}

} // namespace preforkd
