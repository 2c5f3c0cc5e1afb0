#include "pool/accept_mutex.h"

#include "pool/accept_mutex_mechanisms.h"

namespace preforkd::pool {

Result<std::unique_ptr<AcceptMutex>> make_accept_mutex(std::string_view mechanism,
                                                       const std::string& directory, uid_t owner) {
    if (mechanism == "none") return std::unique_ptr<AcceptMutex>();
    if (mechanism == "default" || mechanism == "yes" || mechanism == "pthread")
        return make_pthread_mutex();
    if (mechanism == "posixsem" || mechanism == "sem") return make_posix_semaphore();
    if (mechanism == "sysvsem") return make_system_v_semaphore(directory, owner);
    if (mechanism == "fcntl" || mechanism == "file") return make_fcntl_lock(directory);
    if (mechanism == "flock") return make_flock_lock(directory);
    return Error{"unknown mutex mechanism " + std::string(mechanism)};
}

} // namespace preforkd::pool
