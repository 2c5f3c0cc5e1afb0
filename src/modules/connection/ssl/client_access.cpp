#include "modules/connection/ssl/client_access.h"

#include "modules/connection/ssl/renegotiation.h"

namespace preforkd::ssl {

namespace {

Verdict check_requirements(Request& request, const SslDirectorySettings& place) {
    for (const auto& [text, expression] : place.requirements) {
        const auto answer = expression.holds(request);
        if (answer && *answer) continue;
        request.log(
            "ssl", log::Level::info,
            request.arena.join({"AH02266: Access to ", request.filename, " denied for ",
                                request.client.ip, " (requirement expression not fulfilled)"}));
        request.log("ssl", log::Level::info,
                    request.arena.join({"AH02228: Failed expression: ", text}));
        request.log(
            "ssl", log::Level::error,
            request.arena.join({"AH02229: access to ", request.filename, " failed, reason: ",
                                answer ? "SSL requirement expression not fulfilled"
                                       : std::string_view(answer.error().what)}));
        request.set_note("ssl-access-forbidden", "1");
        return refuse(403);
    }
    return declined;
}

} // namespace

Verdict check_access(Request& request) {
    const auto& place = request.of<SslDirectorySettings>();
    if (place.requires_ssl && !request.connection.tls) {
        request.log("ssl", log::Level::error,
                    request.arena.join({"AH02219: access to ", request.filename,
                                        " failed, reason: SSL connection required"}));
        request.set_note("ssl-access-forbidden", "1");
        return refuse(403);
    }
    if (!request.connection.tls) return declined;
    if (auto verdict = check_connection(request, place); verdict.is_refusal()) return verdict;
    return check_requirements(request, place);
}

} // namespace preforkd::ssl
