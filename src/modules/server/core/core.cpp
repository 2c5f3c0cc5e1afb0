// core: what is there without any module, as far as the configuration says it.
#include <algorithm>

#include "base/text.h"
#include "config/process_settings.h"
#include "modules/modules.h"
#include "modules/server/core/core_directives.h"
#include "modules/server/reader_directives.h"
#include "pipeline/content_settings.h"
#include "pipeline/core_settings.h"
#include "pipeline/host_settings.h"
#include "pipeline/script_settings.h"

namespace preforkd {

namespace {

using Rows = std::vector<config::Directive>;

bool has(const Rows& rows, std::string_view name) {
    return std::any_of(rows.begin(), rows.end(),
                       [&](const config::Directive& row) { return iequals(row.name, name); });
}

// Where the reader obeys a directive while it reads, its row counts.
Rows core_directives() {
    Rows rows = reader_directives_of("core");
    for (auto group : {name_directives(), log_directives(), override_directives(),
                       content_directives(), limit_directives(), script_directives(),
                       protocol_directives(), process_directives(), if_directives()})
        for (const config::Directive& row : group)
            if (!has(rows, row.name)) rows.push_back(row);
    return rows;
}

} // namespace

Module core_module() {
    return {
        .name = "core",
        .built_in = true,
        .directives = core_directives(),
        .settings = {config::settings_type<HostSettings>(),
                     config::settings_type<CoreServerSettings>(),
                     config::settings_type<CoreDirectorySettings>(),
                     config::settings_type<ContentSettings>(),
                     config::settings_type<ScriptSettings>(),
                     config::settings_type<config::ProcessSettings>()},
        .source = "core.c",
    };
}

} // namespace preforkd
