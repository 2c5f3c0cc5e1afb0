// core: what is there without any module, as far as the configuration says it.
#include "modules/modules.h"
#include "modules/server/core/core_directives.h"
#include "modules/server/reader_directives.h"
#include "pipeline/core_settings.h"
#include "config/process_settings.h"

namespace preforkd {

Module core_module() {
    Module module{.name = "core", .built_in = true, .source = "core.c"};
    module.directives = reader_directives_of("core");
    for (auto rows : {name_directives(), log_directives(), override_directives(),
                      content_directives(), limit_directives(), protocol_directives(),
                      process_directives()})
        module.directives.insert(module.directives.end(), rows.begin(), rows.end());
    module.settings = {config::settings_type<CoreServerSettings>(),
                       config::settings_type<CoreDirectorySettings>(),
                       config::settings_type<config::ProcessSettings>()};
    return module;
}

} // namespace preforkd
