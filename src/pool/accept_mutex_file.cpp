// Locks on a file without a name. The kernel frees them when their holder dies.
#include <cstdlib>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "os/system_error.h"
#include "os/unique_fd.h"
#include "pool/accept_mutex_mechanisms.h"

namespace preforkd::pool {

namespace {

// The file loses its name at once, so that nothing is left behind.
Result<UniqueFd> open_lock_file(const std::string& directory) {
    std::string name = directory + "/accept_mutex.XXXXXX";
    UniqueFd file(::mkostemp(name.data(), O_CLOEXEC));
    if (!file) return system_error("open", name);
    ::unlink(name.c_str());
    return file;
}

// A lock belongs to a process, so all children can use one descriptor.
class FcntlLock final : public AcceptMutex {
  public:
    explicit FcntlLock(UniqueFd file) : file_(std::move(file)) {}
    bool lock() override { return change(F_WRLCK); }
    void unlock() override { change(F_UNLCK); }
    std::string_view mechanism() const override { return "fcntl"; }

  private:
    bool change(short kind) {
        struct flock whole_file {};
        whole_file.l_type = kind;
        whole_file.l_whence = SEEK_SET;
        return ::fcntl(file_.get(), F_SETLKW, &whole_file) == 0;
    }
    UniqueFd file_;
};

// A lock belongs to an open file, so each child opens it for itself.
class FlockLock final : public AcceptMutex {
  public:
    explicit FlockLock(UniqueFd file) : file_(std::move(file)) {}
    Status reopen_in_child() override {
        const std::string name = "/proc/self/fd/" + std::to_string(file_.get());
        UniqueFd own(::open(name.c_str(), O_RDWR | O_CLOEXEC));
        if (!own) return system_error("open", name);
        file_ = std::move(own);
        return {};
    }
    bool lock() override { return ::flock(file_.get(), LOCK_EX) == 0; }
    void unlock() override { ::flock(file_.get(), LOCK_UN); }
    std::string_view mechanism() const override { return "flock"; }

  private:
    UniqueFd file_;
};

} // namespace

MadeMutex make_fcntl_lock(const std::string& directory) {
    auto file = open_lock_file(directory);
    if (!file) return file.error();
    return std::unique_ptr<AcceptMutex>(std::make_unique<FcntlLock>(std::move(*file)));
}

MadeMutex make_flock_lock(const std::string& directory) {
    auto file = open_lock_file(directory);
    if (!file) return file.error();
    return std::unique_ptr<AcceptMutex>(std::make_unique<FlockLock>(std::move(*file)));
}

} // namespace preforkd::pool
