#include "os/file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

#include "os/system_error.h"

namespace preforkd {

Result<UniqueFd> open_for_reading(const char* path) {
    UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) return system_error("open", path);
    return file;
}

Result<UniqueFd> open_for_appending(const std::string& path, mode_t mode) {
    UniqueFd file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, mode));
    if (!file) return system_error("open", path);
    return file;
}

namespace {

std::size_t size_of(int descriptor) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 ? static_cast<std::size_t>(status.st_size) : 0;
}

} // namespace

Result<std::string> read_whole_file(const std::string& path) {
    auto file = open_for_reading(path.c_str());
    if (!file) return file.error();
    std::string content;
    char chunk[64 * 1024];
    for (;;) {
        const auto count = ::read(file->get(), chunk, sizeof chunk);
        if (count == 0) return content;
        if (count == sizeof chunk && content.empty()) content.reserve(size_of(file->get()));
        if (count > 0) content.append(chunk, static_cast<std::size_t>(count));
        else if (errno != EINTR) return system_error("read", path);
    }
}

Result<std::string> read_end_of_file(const std::string& path, std::size_t size) {
    const auto file = open_for_reading(path.c_str());
    if (!file) return file.error();
    struct stat status {};
    if (::fstat(file->get(), &status) != 0) return system_error("stat", path);
    const off_t start = std::max<off_t>(0, status.st_size - static_cast<off_t>(size));
    std::string text(static_cast<std::size_t>(status.st_size - start), '\0');
    const auto count = read_at(file->get(), text.data(), text.size(), start);
    if (!count) return count.error();
    text.resize(*count);
    return text;
}

Status replace_file(const std::string& path, std::string_view content, mode_t mode) {
    const std::string fresh = path + ".new";
    UniqueFd file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (!file) return system_error("open", fresh);
    if (auto written = write_whole(file.get(), content); !written)
        return Error{"write " + fresh + ": " + std::strerror(written.error().code),
                     written.error().code};
    if (::rename(fresh.c_str(), path.c_str()) != 0) return system_error("rename", fresh);
    return {};
}

Status write_whole(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) return system_error("write", "file");
        if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

Result<std::string> read_link(const std::string& path) {
    char target[4096];
    const ssize_t size = ::readlink(path.c_str(), target, sizeof target);
    if (size < 0) return system_error("read link", path);
    return std::string(target, static_cast<std::size_t>(size));
}

bool may_write(const std::string& path) {
    return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

void remove_file(const std::string& path) { ::unlink(path.c_str()); }

int stat_path(const char* path, struct stat& result) {
    return ::stat(path, &result) == 0 ? 0 : errno;
}

bool is_directory(const std::string& path) {
    struct stat status {};
    return stat_path(path.c_str(), status) == 0 && S_ISDIR(status.st_mode);
}

int stat_link(const char* path, struct stat& result) {
    return ::lstat(path, &result) == 0 ? 0 : errno;
}

int stat_link_in(int folder, const char* name, struct stat& result) {
    return ::fstatat(folder, name, &result, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno;
}

UniqueFd open_as_place(const char* folder) {
    return UniqueFd(::open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

int stat_descriptor(int descriptor, struct stat& result) {
    return ::fstat(descriptor, &result) == 0 ? 0 : errno;
}

Result<std::size_t> read_at(int descriptor, char* into, std::size_t size, off_t offset) {
    std::size_t done = 0;
    while (done < size) {
        const auto count =
            ::pread(descriptor, into + done, size - done, offset + static_cast<off_t>(done));
        if (count == 0) break;
        if (count < 0 && errno != EINTR) return system_error("read", "file");
        if (count > 0) done += static_cast<std::size_t>(count);
    }
    return done;
}

namespace {

DirectoryEntry::Kind kind_of(const dirent& entry) {
    switch (entry.d_type) {
    case DT_DIR: return DirectoryEntry::Kind::directory;
    case DT_LNK:
    case DT_UNKNOWN: return DirectoryEntry::Kind::unknown;
    default: return DirectoryEntry::Kind::file;
    }
}

} // namespace

Result<std::vector<DirectoryEntry>> entries_in_directory(const std::string& path) {
    std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), ::closedir);
    if (!folder) return system_error("open", path);
    std::vector<DirectoryEntry> entries;
    while (const auto* entry = ::readdir(folder.get())) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") entries.push_back({std::string(name), kind_of(*entry)});
    }
    std::sort(entries.begin(), entries.end(),
              [](const DirectoryEntry& a, const DirectoryEntry& b) { return a.name < b.name; });
    return entries;
}

Result<std::vector<std::string>> names_in_directory(const std::string& path) {
    auto entries = entries_in_directory(path);
    if (!entries) return entries.error();
    std::vector<std::string> names;
    names.reserve(entries->size());
    for (auto& entry : *entries) names.push_back(std::move(entry.name));
    return names;
}

} // namespace preforkd
