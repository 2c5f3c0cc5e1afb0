// unixd: as whom the children run.
#include "config/configuration.h"
#include "config/process_settings.h"
#include "modules/modules.h"
#include "os/file.h"
#include "os/identity.h"

namespace preforkd {

namespace {

using config::Arguments;
using config::Invocation;
using config::ProcessSettings;
using config::Shape;

// A name that nobody has is reported once everything is read, as Apache words it.
Status set_user(ProcessSettings& settings, Arguments arguments) {
    const auto uid = find_user(arguments[0]);
    if (uid && *uid == 0)
        return Error{"User names the superuser: a race between a check and a use would then let "
                     "any local user read any file; name another user"};
    settings.user = arguments[0];
    return {};
}

Status set_group(ProcessSettings& settings, Arguments arguments) {
    settings.group = arguments[0];
    return {};
}

Status set_chroot_dir(ProcessSettings& settings, Arguments arguments) {
    struct stat status {};
    if (stat_path(arguments[0].c_str(), status) != 0 || !S_ISDIR(status.st_mode))
        return Error{"ChrootDir must be a valid directory"};
    settings.chroot_dir = arguments[0];
    return {};
}

Status set_no_new_privileges(ProcessSettings& settings, Arguments arguments) {
    settings.no_new_privileges = config::is_on(arguments[0]);
    return {};
}

Status check_suexec(Invocation&, Arguments arguments) {
    if (config::is_on(arguments[0])) return Error{"suEXEC isn't supported"};
    return {};
}

} // namespace

Module unixd_module() {
    return {
        .name = "unixd",
        .built_in = true,
        .directives = {{"User", Shape::one, config::server_config, config::override_none,
                        config::edits<set_user>, "Effective user id for this server"},
                       {"Group", Shape::one, config::server_config, config::override_none,
                        config::edits<set_group>, "Effective group id for this server"},
                       {"ChrootDir", Shape::one, config::server_config, config::override_none,
                        config::edits<set_chroot_dir>, "The directory to chroot(2) into"},
                       {"NoNewPrivileges", Shape::flag, config::server_config,
                        config::override_none, config::edits<set_no_new_privileges>,
                        "Whether programs that children start can gain rights by set-user-ID"},
                       {"Suexec", Shape::flag, config::server_config, config::override_none,
                        check_suexec, "Enable or disable suEXEC support"}},
        .settings = {config::settings_type<ProcessSettings>()},
    };
}

} // namespace preforkd
