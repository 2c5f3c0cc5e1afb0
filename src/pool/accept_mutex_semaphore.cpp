// Semaphores: POSIX ones in shared memory, System V ones in the kernel.
#include <atomic>
#include <new>
#include <semaphore.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <unistd.h>

#include "os/shared_memory.h"
#include "os/system_error.h"
#include "pool/accept_mutex_mechanisms.h"

namespace preforkd::pool {

namespace {

// The kernel does not free a POSIX semaphore whose holder dies. So the mutex is a word that names
// its holder, and the semaphore only wakes who waits for the word.
class PosixSemaphore final : public AcceptMutex {
  public:
    explicit PosixSemaphore(SharedMemory memory)
        : memory_(std::move(memory)), state_(new (memory_.address()) State) {
        ::sem_init(&state_->wake, 1, 0);
    }

    bool lock() override {
        if (take()) return true;
        ++state_->waiting;
        bool taken = false, interrupted = false;
        while (!(taken = take()) && !interrupted) interrupted = ::sem_wait(&state_->wake) != 0;
        --state_->waiting;
        return taken;
    }
    void unlock() override {
        state_->holder = 0;
        if (state_->waiting > 0) ::sem_post(&state_->wake);
    }
    // Wakes somebody even if the child held nothing: it may have died with a wake-up in its hands.
    void child_ended(pid_t pid) override {
        state_->holder.compare_exchange_strong(pid, 0);
        ::sem_post(&state_->wake);
    }
    std::string_view mechanism() const override { return "posixsem"; }

  private:
    struct State {
        std::atomic<pid_t> holder = 0;
        std::atomic<int> waiting = 0; // a child that dies waiting stays counted: harmless
        sem_t wake;
    };
    bool take() {
        pid_t nobody = 0;
        return state_->holder.compare_exchange_strong(nobody, ::getpid());
    }

    SharedMemory memory_;
    State* state_;
};

class SystemVSemaphore final : public AcceptMutex {
  public:
    explicit SystemVSemaphore(int id) : id_(id), owner_(::getpid()) {}
    ~SystemVSemaphore() override {
        if (::getpid() == owner_) ::semctl(id_, 0, IPC_RMID);
    }
    bool lock() override { return change(-1); }
    void unlock() override { change(1); }
    std::string_view mechanism() const override { return "sysvsem"; }

  private:
    // SEM_UNDO: the kernel takes the change back when this process dies.
    bool change(short by) {
        struct sembuf operation {
            0, by, SEM_UNDO
        };
        return ::semop(id_, &operation, 1) == 0;
    }
    int id_;
    pid_t owner_; // forked children leave the semaphore alone
};

// The argument of semctl, which the C library leaves to its user to declare.
union SemaphoreArgument {
    int value;
    struct semid_ds* status;
};

Status give_semaphore_to(int id, uid_t owner) {
    struct semid_ds status {};
    SemaphoreArgument argument{};
    argument.status = &status;
    if (::semctl(id, 0, IPC_STAT, argument) != 0) return system_error("look at", "semaphore");
    status.sem_perm.uid = owner;
    if (::semctl(id, 0, IPC_SET, argument) != 0) return system_error("give away", "semaphore");
    return {};
}

} // namespace

MadeMutex make_posix_semaphore() {
    auto memory = SharedMemory::create(4096);
    if (!memory) return memory.error();
    return std::unique_ptr<AcceptMutex>(std::make_unique<PosixSemaphore>(std::move(*memory)));
}

MadeMutex make_system_v_semaphore(uid_t owner) {
    const int id = ::semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
    if (id < 0) return system_error("make", "semaphore");
    auto mutex = std::make_unique<SystemVSemaphore>(id);
    SemaphoreArgument argument{};
    argument.value = 1;
    if (::semctl(id, 0, SETVAL, argument) != 0) return system_error("set", "semaphore");
    if (auto given = give_semaphore_to(id, owner); !given) return given.error();
    return std::unique_ptr<AcceptMutex>(std::move(mutex));
}

} // namespace preforkd::pool
