#include "os/shared_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "os/system_error.h"

namespace preforkd {

namespace {

constexpr mode_t owner_only = 0600;

UniqueFd open_memory(const std::string& path) {
    if (path.empty()) return UniqueFd(::memfd_create("scoreboard", MFD_CLOEXEC));
    ::unlink(path.c_str());
    return UniqueFd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, owner_only));
}

// A mapping of a descriptor that cannot write can never be made writable.
UniqueFd open_for_reading(const UniqueFd& memory) {
    const std::string name = "/proc/self/fd/" + std::to_string(memory.get());
    return UniqueFd(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
}

} // namespace

Result<SharedFile> SharedFile::create(std::size_t size, const std::string& path) {
    SharedFile file;
    file.size_ = size;
    file.path_ = path;
    file.writable_ = open_memory(path);
    if (!file.writable_) return system_error("open", path.empty() ? "shared memory" : path);
    ::fchmod(file.writable_.get(), owner_only);
    if (::ftruncate(file.writable_.get(), static_cast<off_t>(size)) != 0)
        return system_error("resize", "shared memory");
    file.readable_ = open_for_reading(file.writable_);
    if (!file.readable_) return system_error("open", "shared memory for reading");
    if (auto mapped = file.map(); !mapped) return mapped.error();
    return file;
}

Status SharedFile::map() {
    void* place = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, writable_.get(), 0);
    if (place == MAP_FAILED) return system_error("map", "shared memory");
    address_ = place;
    return {};
}

Status SharedFile::write_only_to(std::size_t offset, std::size_t length) {
    if (::mmap(address_, size_, PROT_READ, MAP_SHARED | MAP_FIXED, readable_.get(), 0) ==
        MAP_FAILED)
        return system_error("map", "shared memory for reading");
    if (::mmap(static_cast<char*>(address_) + offset, length, PROT_READ | PROT_WRITE,
               MAP_SHARED | MAP_FIXED, writable_.get(), static_cast<off_t>(offset)) == MAP_FAILED)
        return system_error("map", "shared memory");
    writable_.reset();
    readable_.reset();
    return {};
}

SharedFile::SharedFile(SharedFile&& other) noexcept
    : address_(std::exchange(other.address_, nullptr)), size_(std::exchange(other.size_, 0)),
      writable_(std::move(other.writable_)), readable_(std::move(other.readable_)),
      path_(std::exchange(other.path_, {})) {}

SharedFile::~SharedFile() {
    if (is_still_at_path()) ::unlink(path_.c_str());
    if (address_) ::munmap(address_, size_);
}

// And not that of a server that was started since.
bool SharedFile::is_still_at_path() const {
    struct stat own {
    }, there{};
    return !path_.empty() && ::fstat(writable_.get(), &own) == 0 &&
           ::stat(path_.c_str(), &there) == 0 && own.st_ino == there.st_ino;
}

} // namespace preforkd
