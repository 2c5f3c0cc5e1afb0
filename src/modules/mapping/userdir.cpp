// userdir: its directive only. Mapping /~name to a home directory comes later (docs/deferred.md).
#include "config/directive.h"
#include "modules/modules.h"

namespace preforkd {

namespace {

Status check_user_dir(config::Invocation& invocation, config::Arguments arguments) {
    if (arguments.empty()) return Error{"UserDir requires an argument."};
    return config::accepted_for_later(invocation, arguments);
}

} // namespace

Module userdir_module() {
    Module module{.name = "userdir"};
    module.directives = {
        {"UserDir", config::Shape::words, config::server_config | config::virtual_host, 0,
         check_user_dir,
         "the public subdirectory in users' home directories, or 'disabled', or 'disabled "
         "username username...', or 'enabled username username...'"},
    };
    return module;
}

} // namespace preforkd
