#include "os/shared_library.h"

#include <dlfcn.h>

namespace preforkd {

namespace {

// What a module loads itself finds the module's symbols, as with Apache.
void* load(const std::string& file) { return ::dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL); }

} // namespace

Status load_library(const std::string& file) {
    if (!load(file)) return Error{::dlerror()};
    return {};
}

Result<void*> load_function(const std::string& file, const char* name) {
    void* object = load(file);
    if (!object) return Error{::dlerror()};
    return ::dlsym(object, name);
}

} // namespace preforkd
