// A POSIX semaphore in shared memory.
#include <atomic>
#include <new>
#include <semaphore.h>
#include <unistd.h>

#include "os/shared_memory.h"
#include "pool/accept_mutex_mechanisms.h"

namespace preforkd::pool {

namespace {

// The kernel does not free a POSIX semaphore whose holder dies. So the mutex is a word that names
// its holder, and the semaphore only wakes who waits for the word. It is never above one: who
// waits takes the wake-up away and looks at the word again.
class PosixSemaphore final : public AcceptMutex {
  public:
    explicit PosixSemaphore(SharedMemory memory)
        : memory_(std::move(memory)), state_(new (memory_.address()) State) {
        ::sem_init(&state_->wake, 1, 0);
    }

    bool lock() override {
        while (!take())
            if (::sem_wait(&state_->wake) != 0) return false;
        return true;
    }
    void unlock() override {
        state_->holder = 0;
        wake_one();
    }
    // Wakes somebody even if the child held nothing: it may have died with a wake-up in its hands.
    void child_ended(pid_t pid) override {
        state_->holder.compare_exchange_strong(pid, 0);
        wake_one();
    }
    std::string_view mechanism() const override { return "posixsem"; }

  private:
    struct State {
        std::atomic<pid_t> holder = 0;
        sem_t wake;
    };
    bool take() {
        pid_t nobody = 0;
        return state_->holder.compare_exchange_strong(nobody, ::getpid());
    }
    void wake_one() {
        int waiting_wake_ups = 0;
        ::sem_getvalue(&state_->wake, &waiting_wake_ups);
        if (waiting_wake_ups < 1) ::sem_post(&state_->wake);
    }

    SharedMemory memory_;
    State* state_;
};

} // namespace

MadeMutex make_posix_semaphore() {
    auto memory = SharedMemory::create(4096);
    if (!memory) return memory.error();
    return std::unique_ptr<AcceptMutex>(std::make_unique<PosixSemaphore>(std::move(*memory)));
}

} // namespace preforkd::pool
