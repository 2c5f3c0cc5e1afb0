// A mutex in shared memory. The kernel knows who holds it and frees it when that process dies
// ("robust").
#include <cerrno>
#include <new>
#include <pthread.h>

#include "os/shared_memory.h"
#include "pool/accept_mutex_mechanisms.h"

namespace preforkd::pool {

namespace {

class PthreadMutex final : public AcceptMutex {
  public:
    explicit PthreadMutex(SharedMemory memory)
        : memory_(std::move(memory)), mutex_(new (memory_.address()) pthread_mutex_t) {
        pthread_mutexattr_t attributes;
        ::pthread_mutexattr_init(&attributes);
        ::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
        ::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
        ::pthread_mutex_init(mutex_, &attributes);
        ::pthread_mutexattr_destroy(&attributes);
    }

    // Never interrupted: a signal handler that wants to end a waiting child must do so itself.
    bool lock() override {
        const int code = ::pthread_mutex_lock(mutex_);
        // The last holder died. It held no data that could be half changed.
        if (code == EOWNERDEAD) ::pthread_mutex_consistent(mutex_);
        return code == 0 || code == EOWNERDEAD;
    }
    void unlock() override { ::pthread_mutex_unlock(mutex_); }
    std::string_view mechanism() const override { return "pthread"; }

  private:
    SharedMemory memory_;
    pthread_mutex_t* mutex_;
};

} // namespace

MadeMutex make_pthread_mutex() {
    auto memory = SharedMemory::create(sizeof(pthread_mutex_t));
    if (!memory) return memory.error();
    return std::unique_ptr<AcceptMutex>(std::make_unique<PthreadMutex>(std::move(*memory)));
}

} // namespace preforkd::pool
