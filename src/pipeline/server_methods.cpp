#include "pipeline/server_methods.h"

#include "pipeline/core_settings.h"
#include "pipeline/error_page.h"

namespace preforkd {

using http::FieldId;

namespace {

// Scripts of a page must not learn them by a TRACE (RFC 9110 §9.3.8).
bool is_secret(const http::Field& field) {
    return field.id == FieldId::authorization || field.id == FieldId::proxy_authorization ||
           field.id == FieldId::cookie;
}

} // namespace

bool is_of_no_handler(const Request& request) {
    if (request.response.is_error_page || request.other_server.answers) return false;
    if (request.head.method == http::Method::trace) return true;
    return request.head.method == http::Method::options && request.uri == "*";
}

Verdict answer_options(Request& request, Responder& responder) {
    if (request.uri != "*") request.response.fields.set(FieldId::allow, allowed_methods(request));
    static_cast<void>(responder.Responder::send(request, {}));
    return done;
}

Verdict answer_trace(Request& request, Responder& responder) {
    const auto& core = request.of<CoreServerSettings>();
    if (!core.trace_enable.value_or(true)) {
        request.error_notes = "TRACE denied by server configuration";
        return refuse(405);
    }
    if (request.head.has_content() && !core.trace_extended.value_or(false)) {
        request.error_notes = "TRACE with a request body is not allowed";
        return refuse(413);
    }
    request.response.content_type = "message/http";
    auto& sink = responder.send(request);
    std::string echo(request.head.request_line);
    echo += "\r\n";
    for (const auto& field : request.head.fields)
        if (!is_secret(field))
            echo.append(field.name).append(": ").append(field.value).append("\r\n");
    echo += "\r\n";
    if (sink.write(echo)) static_cast<void>(sink.finish());
    return done;
}

} // namespace preforkd
