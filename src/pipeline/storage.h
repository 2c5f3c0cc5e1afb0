// From a file name to what there is: the file or directory, the rest of the path, and the settings
// that hold there (Apache: core_map_to_storage, ap_directory_walk).
#pragma once

#include "pipeline/request.h"
#include "pipeline/settings_walk.h"
#include "pipeline/verdict.h"

namespace preforkd {

// Fills storage, path_info and settings, and cuts filename where the path goes on behind a file or
// a missing name. Refuses where permissions or symbolic links forbid the way.
Verdict find_in_storage(Request& request, SettingsWalk& walk);

} // namespace preforkd
