// socache_shmcb: memory that all children share, for what must be found again. It is always there;
// loading the module lets other modules' directives name it.
#include "modules/modules.h"

namespace preforkd {

Module socache_shmcb_module() { return {.name = "socache_shmcb"}; }

} // namespace preforkd
