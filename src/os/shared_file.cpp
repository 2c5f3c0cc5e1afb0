#include "os/shared_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

#include "os/system_error.h"

namespace preforkd {

namespace {

constexpr mode_t owner_only = 0600;

UniqueFd open_memory(const std::string& path) {
    if (path.empty())
        return UniqueFd(::memfd_create("scoreboard", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    ::unlink(path.c_str());
    return UniqueFd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, owner_only));
}

// A mapping of a descriptor that cannot write can never be made writable.
UniqueFd open_for_reading(const UniqueFd& memory) {
    const std::string name = "/proc/self/fd/" + std::to_string(memory.get());
    return UniqueFd(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
}

// A writable mapping can be made to show another part of its memory (remap_file_pages) or grow over
// what follows (mremap). The seal forbids the first, for memory without a name.
void refuse_other_writable_mappings(const UniqueFd& memory) {
    ::fcntl(memory.get(), F_ADD_SEALS, F_SEAL_FUTURE_WRITE | F_SEAL_GROW | F_SEAL_SHRINK);
}

// Forbids both, for this process, where the kernel knows how (Linux 6.10).
void fix_mapping(void* place, std::size_t length) {
#ifdef SYS_mseal
    constexpr long seal_mapping = SYS_mseal;
#else
    constexpr long seal_mapping = 462; // on every architecture
#endif
    ::syscall(seal_mapping, place, length, 0);
}

Status map_for_reading(char* place, std::size_t length, const UniqueFd& memory,
                       std::size_t offset) {
    if (length == 0 || ::mmap(place, length, PROT_READ, MAP_SHARED | MAP_FIXED, memory.get(),
                              static_cast<off_t>(offset)) != MAP_FAILED)
        return {};
    return system_error("map", "shared memory for reading");
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
    if (path.empty()) refuse_other_writable_mappings(file.writable_);
    return file;
}

Status SharedFile::map() {
    void* place = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, writable_.get(), 0);
    if (place == MAP_FAILED) return system_error("map", "shared memory");
    address_ = place;
    return {};
}

Status SharedFile::write_only_to(std::size_t offset, std::size_t length) {
    auto* const begin = static_cast<char*>(address_);
    const std::size_t behind = offset + length;
    if (auto mapped = map_for_reading(begin, offset, readable_, 0); !mapped) return mapped;
    if (auto mapped = map_for_reading(begin + behind, size_ - behind, readable_, behind); !mapped)
        return mapped;
    fix_mapping(begin + offset, length);
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
