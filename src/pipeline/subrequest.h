// Asking what a request for another path would find, and serving it instead.
#pragma once

#include <string_view>

#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd {

// The handler of a request that rules lead elsewhere inside (mod_rewrite).
inline constexpr std::string_view redirect_handler = "redirect-handler";

// Runs the phases up to fixups for `uri` (absolute, or relative to the parent's path) as if the
// client had asked for it by GET. `response.status` says what it would get: 200 when it may be
// served. Lives in the parent's arena.
Request& look_up_uri(Request& parent, std::string_view uri);
// The same for a file name in the parent's directory, where the path is only known relative to it,
// or for any file's whole name, which then stands for the path as well.
Request& look_up_file(Request& parent, std::string_view name);
// In an arena that may be given back before the parent's.
Request& look_up_file(Request& parent, std::string_view name, Arena& arena);
// The same for a name of which it is known what it is, as lstat(2) tells it. A link is looked at.
Request& look_up_file(Request& parent, std::string_view name, Arena& arena,
                      const struct stat& known);

// Makes the content of what was looked up and may be served, and writes it to `into`, which goes on
// after it. Refuses what the handler refuses; then nothing was written.
Verdict run_subrequest(Request& found, http::BodySink& into);

// Whether a request may ask what another path would lead to: not while that very question is asked.
bool may_look_ahead(const Request& request);

// Makes `request` what `found` is (Apache: ap_internal_fast_redirect): file, settings, type.
void become(Request& request, const Request& found);

// As a redirected request is asked: by GET, of which a client that said HEAD gets no content.
void make_get(Request& request);

// Serves `uri` in place of the current request, from the first phase on (Apache:
// ap_internal_redirect). The handler that calls it answers what it returns.
Verdict internal_redirect(Request& request, std::string_view uri, Responder& responder);

// The same for an error document: by GET, with the status that `request` was refused with.
Verdict serve_error_document(Request& request, std::string_view uri, Responder& responder);

} // namespace preforkd
