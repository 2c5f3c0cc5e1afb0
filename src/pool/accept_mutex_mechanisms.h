// The mechanisms behind make_accept_mutex. Private to pool/.
#pragma once

#include "pool/accept_mutex.h"

namespace preforkd::pool {

using MadeMutex = Result<std::unique_ptr<AcceptMutex>>;

MadeMutex make_pthread_mutex();
MadeMutex make_posix_semaphore();
MadeMutex make_system_v_semaphore(const std::string& directory, uid_t owner);
MadeMutex make_fcntl_lock(const std::string& directory);
MadeMutex make_flock_lock(const std::string& directory);

} // namespace preforkd::pool
