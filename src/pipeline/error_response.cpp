#include "pipeline/error_response.h"

#include "pipeline/content_settings.h"
#include "pipeline/error_page.h"
#include "pipeline/response_head.h"
#include "pipeline/subrequest.h"

namespace preforkd {

using http::FieldId;

namespace {

bool is_redirect(int status) { return status >= 300 && status < 400 && status != 304; }

// A status that no ErrorDocument can name is one for that of 500.
int nameable(int status) { return http::can_be_configured(status) ? status : 500; }

const ErrorDocument& document_for(const Request& request, int status) {
    static const ErrorDocument standard;
    const auto& documents = request.of<ContentSettings>().error_documents;
    const auto found = documents.find(nameable(status));
    return found == documents.end() ? standard : found->second;
}

// What a document says, or where it leads. Requires: it is not the standard one.
std::string_view text_of(const ErrorDocument& document, Request& request) {
    return document.text->text_or_logs(request, "core");
}

// The request whose refusal came first, when one of its error documents was refused too.
Request& first_refused(Request& request) {
    Request* first = &request;
    while (first->previous && first->previous->response.status != 200) first = first->previous;
    return *first;
}

// Fields that were meant for the content that will not come go. Those for every outcome are this
// page's own now: what `Header always` says comes beside them, and changes none of them.
void clear_for_error(Request& request, int status) {
    auto& response = request.response;
    const auto location = response.fields.value_or_empty(FieldId::location);
    response.fields = std::move(response.error_fields);
    response.error_fields.clear();
    if (!location.empty() && (is_redirect(status) || status == 201))
        response.fields.set(FieldId::location, location);
    response.length.reset();
    response.charset = {};
    request.content_encoding = {};
    request.languages.clear();
    if ((status == 405 || status == 501) && !response.fields.has(FieldId::allow))
        response.fields.set(FieldId::allow, allowed_methods(request));
    response.content_type = error_page_type;
    if (request.find_variable("suppress-error-charset")) response.content_type = "text/html";
}

void send_content(Request& request, std::string_view content, Responder& responder) {
    if (!request.header_only()) request.response.length = content.size();
    auto& sink = responder.send(request);
    if (!request.header_only()) {
        if (auto written = sink.write(content); !written) return;
    }
    // A failed write is known to the connection; nobody else needs it.
    static_cast<void>(sink.finish());
}

void send_page(Request& request, int status, int second, Responder& responder) {
    request.response.status = status;
    request.response.is_error_page = status != 304; // which speaks of the content itself
    if (status == 304 || status == 204) {
        static_cast<void>(responder.send(request).finish());
        return;
    }
    clear_for_error(request, status);
    const auto& document = document_for(request, status);
    if (document.kind == ErrorDocument::Kind::text && second == 0)
        send_content(request, text_of(document, request), responder);
    else send_content(request, error_page(request, status, second), responder);
}

} // namespace

void answer_with_error(Request& request, int status, Responder& responder) {
    const int before = request.response.status;
    request.response.no_local_copy = true;
    // Whatever status the page that tells of it has.
    if (drops_connection(status)) request.ends_connection = true;
    if (before != 200 && request.previous) {
        // The error document itself was refused: tell of both, and try no other.
        Request& first = first_refused(request);
        if (&first != &request) {
            first.ends_connection |= request.ends_connection;
            first.response.error_fields = std::move(request.response.error_fields);
        }
        send_page(first, first.response.status, first.response.status, responder);
        request.keep_alive = first.keep_alive;
        return;
    }
    const auto& document = document_for(request, status);
    request.response.status = status;
    switch (document.kind) {
    case ErrorDocument::Kind::remote:
        request.response.fields.set(FieldId::location, text_of(document, request));
        request.response.reason = {}; // that was the other status's
        send_page(request, 302, 0, responder);
        return;
    case ErrorDocument::Kind::local:
        request.response.status = nameable(status);
        if (const auto served =
                serve_error_document(request, text_of(document, request), responder);
            served.is_refusal())
            answer_with_error(request, served.status(), responder);
        return;
    case ErrorDocument::Kind::standard:
    case ErrorDocument::Kind::text: send_page(request, status, 0, responder); return;
    }
}

} // namespace preforkd
