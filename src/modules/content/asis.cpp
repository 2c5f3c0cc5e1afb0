// asis: files that hold the head of their response as well (send-as-is).
#include "config/directive.h"
#include "modules/modules.h"
#include "os/file.h"
#include "pipeline/script_head.h"
#include "pipeline/subrequest.h"

namespace preforkd {

namespace {

Verdict refuse_unreadable(const Request& request, int code) {
    request.log(
        "asis", log::Level::error,
        request.arena.join({"AH01234: file permissions deny server access: ", request.filename}),
        code);
    return refuse(403);
}

Verdict refuse_head(const Request& request, std::string_view why) {
    request.log("asis", log::Level::error,
                request.arena.join(
                    {"malformed header from script '", name_of_script(request), "': ", why}));
    return refuse(500);
}

bool leads_to_own_path(const Request& request) {
    const auto& response = request.response;
    const bool may_lead =
        response.status == 200 || (response.status >= 300 && response.status < 400);
    return may_lead && response.fields.value_or_empty(http::FieldId::location).starts_with('/');
}

Verdict send_as_is(Request& request, Responder& responder) {
    if (request.handler_name != "send-as-is" &&
        !(request.handler_name.empty() && request.response.content_type == "httpd/send-as-is"))
        return declined;
    if (request.head.method != http::Method::get && request.head.method != http::Method::head)
        return declined;
    if (request.storage.kind == Storage::Kind::missing) {
        request.log("asis", log::Level::error,
                    request.arena.join({"AH01233: File does not exist: ", request.filename}));
        return refuse(404);
    }
    const auto file = read_whole_file(std::string(request.filename));
    if (!file) return refuse_unreadable(request, file.error().code);
    const auto text = request.arena.copy(*file);
    const auto start = end_of_head(text);
    if (start == std::string_view::npos)
        return refuse_head(request, "End of script output before headers");
    if (auto taken = take_script_head(request, "asis", text.substr(0, start)); !taken)
        return refuse_head(request, taken.error().what);
    if (leads_to_own_path(request)) {
        request.response.status = 200;
        make_get(request);
        return internal_redirect(
            request, request.response.fields.value_or_empty(http::FieldId::location), responder);
    }
    // A failed write is known to the connection; nobody else needs it.
    if (request.header_only()) static_cast<void>(responder.send(request).finish());
    else static_cast<void>(responder.send(request, text.substr(start)));
    return done;
}

} // namespace

Module asis_module() { return {.name = "asis", .hooks = {.handler = send_as_is}}; }

} // namespace preforkd
