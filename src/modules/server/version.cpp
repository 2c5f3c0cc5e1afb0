// version: <IfVersion>, which compares with the Apache that this server stands in for.
#include "modules/modules.h"
#include "modules/server/reader_directives.h"

namespace preforkd {

Module version_module() {
    return {.name = "version", .built_in = true, .directives = reader_directives_of("version")};
}

} // namespace preforkd
