// so: LoadModule, which enables a module that is compiled in.
#include "modules/modules.h"
#include "modules/server/reader_directives.h"

namespace preforkd {

Module so_module() {
    return {.name = "so", .built_in = true, .directives = reader_directives_of("so")};
}

} // namespace preforkd
