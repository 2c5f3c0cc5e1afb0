// macro: <Macro> and Use.
#include "modules/modules.h"
#include "modules/server/reader_directives.h"

namespace preforkd {

Module macro_module() { return {.name = "macro", .directives = reader_directives_of("macro")}; }

} // namespace preforkd
