// authn_file: its directive only. Reading password files comes later (docs/deferred.md).
#include "config/directive.h"
#include "modules/modules.h"

namespace preforkd {

Module authn_file_module() {
    return {
        .name = "authn_file",
        .directives = {{"AuthUserFile", config::Shape::one, config::directory | config::htaccess,
                        config::override_auth_config, config::accepted_for_later,
                        "text file containing user IDs and passwords"}},
    };
}

} // namespace preforkd
