// A System V semaphore. The kernel keeps it until somebody removes it: its control process at the
// end; if that was killed, the children, who end then; if all were killed, the next server that has
// the same folder, where a file without content remembers the semaphore.
#include <fcntl.h>
#include <filesystem>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <unistd.h>

#include "base/text.h"
#include "os/process.h"
#include "os/system_error.h"
#include "os/unique_fd.h"
#include "pool/accept_mutex_mechanisms.h"

namespace preforkd::pool {

namespace {

namespace fs = std::filesystem;

void remove_semaphore(int id) { ::semctl(id, 0, IPC_RMID); }

// "accept_mutex.sysvsem.PID.ID"
constexpr std::string_view name_of_notes = "accept_mutex.sysvsem.";

class SystemVSemaphore final : public AcceptMutex {
  public:
    SystemVSemaphore(int id, const std::string& directory)
        : id_(id), owner_(::getpid()), note_(directory + "/" + std::string(name_of_notes) +
                                             std::to_string(owner_) + "." + std::to_string(id)) {
        UniqueFd(::open(note_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    }
    ~SystemVSemaphore() override {
        if (::getpid() != owner_) return; // forked children leave the semaphore alone
        remove_semaphore(id_);
        ::unlink(note_.c_str());
    }
    bool lock() override { return change(-1); }
    void unlock() override { change(1); }
    void control_process_ended() override { remove_semaphore(id_); }
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
    pid_t owner_;
    std::string note_;
};

// The argument of semctl, which the C library leaves to its user to declare.
union SemaphoreArgument {
    int value;
    struct semid_ds* status;
};

// The number may be another program's semaphore by now: then it is not of the kind we make.
bool is_like_ours(int id) {
    struct semid_ds status {};
    SemaphoreArgument argument{};
    argument.status = &status;
    return ::semctl(id, 0, IPC_STAT, argument) == 0 && status.sem_nsems == 1 &&
           status.sem_perm.cuid == ::geteuid() && status.sem_perm.__key == IPC_PRIVATE;
}

void remove_if_left_behind(const fs::path& note) {
    const std::string name = note.filename();
    if (!name.starts_with(name_of_notes)) return;
    const auto numbers = split(std::string_view(name).substr(name_of_notes.size()), '.');
    if (numbers.size() != 2) return;
    const auto owner = parse_decimal(numbers[0]), id = parse_decimal(numbers[1]);
    if (!owner || !id || process_exists(static_cast<pid_t>(*owner))) return;
    if (is_like_ours(static_cast<int>(*id))) remove_semaphore(static_cast<int>(*id));
    ::unlink(note.c_str());
}

void remove_what_was_left_behind(const std::string& directory) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(directory, none))
        remove_if_left_behind(entry.path());
}

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

MadeMutex make_system_v_semaphore(const std::string& directory, uid_t owner) {
    remove_what_was_left_behind(directory);
    const int id = ::semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
    if (id < 0) return system_error("make", "semaphore");
    auto mutex = std::make_unique<SystemVSemaphore>(id, directory);
    SemaphoreArgument argument{};
    argument.value = 1;
    if (::semctl(id, 0, SETVAL, argument) != 0) return system_error("set", "semaphore");
    if (auto given = give_semaphore_to(id, owner); !given) return given.error();
    return std::unique_ptr<AcceptMutex>(std::move(mutex));
}

} // namespace preforkd::pool
