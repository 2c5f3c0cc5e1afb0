// Completes the head of a response as it goes over the wire (Apache: ap_http_header_filter).
#pragma once

#include "http/fields.h"
#include "http/response_writer.h"
#include "pipeline/request.h"

namespace preforkd {

// Whether the connection outlives this response (RFC 9112 §9.3; Apache: ap_set_keepalive).
bool may_keep_alive(const Request& request, http::Framing framing);

// As the client is told it (Apache: ap_make_content_type, AddDefaultCharset and AddCharset).
std::string_view content_type_with_charset(Request& request);

// Adds the fields that belong to the connection and the representation to response.fields, in
// Apache's order, and describes the head. Requires: response.length for Framing::length;
// request.keep_alive is decided.
// After such an answer the connection may be out of step, so it ends (Apache:
// ap_status_drops_connection).
bool drops_connection(int status);

// Obeys the variables that BrowserMatch sets for clients with known faults: downgrade-1.0,
// force-response-1.0, force-no-vary. Before the framing is chosen.
void humour_old_client(Request& request);

http::ResponseHead complete_head(Request& request, http::Framing framing);

} // namespace preforkd
