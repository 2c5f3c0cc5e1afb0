// The .htaccess files below DocumentRoots, with what AllowOverride lets them say.
#pragma once

#include "app/migrate/survey.h"
#include "config/configuration.h"
#include "config/witness.h"

namespace preforkd::migrate {

// Adds what it finds to `survey`, and tells the witness of their directives.
void look_into_htaccess_files(const config::Configuration& configuration, HtaccessSearch search,
                              config::Witness& witness, Survey& survey);

} // namespace preforkd::migrate
