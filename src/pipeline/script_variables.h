// What a script, or a document that may ask, is told of a request (RFC 3875 §4.1).
#pragma once

#include <string>
#include <vector>

#include "pipeline/request.h"

namespace preforkd {

// Adds the meta-variables to request.variables, in the order that Apache's ap_add_common_vars and
// ap_add_cgi_vars give them. What was set under one of their names before is replaced.
void add_script_variables(Request& request);

// The request's variables as a program gets them, with the server's time zone: under names such as
// a shell can say.
std::vector<std::string> environment_for_program(const Request& request);

} // namespace preforkd
