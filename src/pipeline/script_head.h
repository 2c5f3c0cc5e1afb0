// The head that a script, or a file that is sent as it is, gives its response (RFC 3875 §6).
#pragma once

#include <string_view>

#include "base/result.h"
#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd {

// Where the content behind a head begins; npos where the head does not end.
std::size_t end_of_head(std::string_view text);

// Shapes request.response by the lines of a head: Status and Content-Type, fields that count for
// a success only, and all others, which are sent whatever happens. Views in the response are views
// into `head`; `module` is who complains of it in the log. Fails with what is wrong, in Apache's
// words but for the script's name. Where it names no type, that of the script's name stays.
Status take_script_head(Request& request, std::string_view module, std::string_view head);

// What the client's conditions make of the validators that a script has told: the status of the
// answer to them, or 0 (RFC 9110 §13.2.2), also where it named its own status.
int check_conditions_of_script(const Request& request);
// For 304: the script's head without its content. Filters see it, as they see any script's.
Verdict answer_not_modified(Request& request, Responder& responder);

// The name of a script's file, for the log.
std::string_view name_of_script(const Request& request);

} // namespace preforkd
