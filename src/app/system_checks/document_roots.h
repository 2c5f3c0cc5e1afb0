// Whether the children, as User and Group, can get at what they are to serve.
#pragma once

#include "app/system_checks/finding.h"
#include "config/configuration.h"

namespace preforkd {

Findings check_document_roots(const config::Configuration& configuration);

} // namespace preforkd
