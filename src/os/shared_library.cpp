#include "os/shared_library.h"

#include <dlfcn.h>

namespace preforkd {

// What a module loads itself finds the module's symbols, as with Apache.
Result<void*> load_function(const std::string& file, const char* name) {
    void* object = ::dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL);
    if (!object) return Error{::dlerror()};
    return ::dlsym(object, name);
}

} // namespace preforkd
