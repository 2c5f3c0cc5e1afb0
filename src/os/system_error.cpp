#include "os/system_error.h"

#include <cerrno>
#include <cstring>

namespace preforkd {

Error system_error(std::string_view call, std::string_view subject) {
    const int code = errno;
    std::string what(call);
    what.append(" ").append(subject).append(": ").append(std::strerror(code));
    return {std::move(what), code};
}

bool is_shortage(int code) {
    return code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM || code == EAGAIN;
}

} // namespace preforkd
