#include "os/environment.h"

#include <cstdlib>

namespace preforkd {

std::string take_from_environment(const char* name) {
    const char* value = std::getenv(name);
    std::string taken = value ? value : "";
    ::unsetenv(name);
    return taken;
}

std::string_view find_in_environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : std::string_view();
}

void set_in_environment(const char* name, const std::string& value) {
    ::setenv(name, value.c_str(), 1);
}

} // namespace preforkd
