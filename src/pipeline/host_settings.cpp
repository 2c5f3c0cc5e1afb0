#include "pipeline/host_settings.h"

namespace preforkd {

using config::inherit;

void HostSettings::inherit_from(const HostSettings& outer) {
    inherit(document_root, outer.document_root);
    inherit(admin, outer.admin);
    if (error_log) return;
    error_log = outer.error_log;
    if (!open_log) open_log = outer.open_log;
}

} // namespace preforkd
