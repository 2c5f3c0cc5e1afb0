// Files and folders.
#pragma once

#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

#include "base/result.h"
#include "os/unique_fd.h"

namespace preforkd {

// Every Error here carries errno and reads "open /path: No such file or directory".

// For reading, close-on-exec; never blocks on a FIFO.
Result<UniqueFd> open_for_reading(const char* path);
// For appending, close-on-exec, made with `mode` where it is missing (logs).
Result<UniqueFd> open_for_appending(const std::string& path, mode_t mode = 0640);
Result<std::string> read_whole_file(const std::string& path);
// The last `size` bytes, or all where there are fewer.
Result<std::string> read_end_of_file(const std::string& path, std::size_t size);
// Writes to a new file beside `path` and renames it, so that no reader sees half of it.
Status replace_file(const std::string& path, std::string_view content, mode_t mode = 0644);
// Everything, with one call where the system takes it whole: so the lines of several processes that
// append to the same log do not mix.
Status write_whole(int descriptor, std::string_view bytes);
// What a symbolic link says.
Result<std::string> read_link(const std::string& path);
// Whether this process may write to the file, or make files in the folder.
bool may_write(const std::string& path);
// Nothing happens if there is no such file.
void remove_file(const std::string& path);

// The errno of a failed call, or 0.
int stat_path(const char* path, struct stat& result);
// Or a link to one.
bool is_directory(const std::string& path);
int stat_link(const char* path, struct stat& result);
// Of a name in a folder, without walking there once more; and such a folder, good for nothing else.
int stat_link_in(int folder, const char* name, struct stat& result);
UniqueFd open_as_place(const char* folder);
int stat_descriptor(int descriptor, struct stat& result);

// Reads up to `size` bytes from `offset`; fewer only at the end of the file.
Result<std::size_t> read_at(int descriptor, char* into, std::size_t size, off_t offset);

// A name in a folder, and what the folder itself tells of it.
struct DirectoryEntry {
    enum class Kind : unsigned char { directory, file, unknown }; // unknown: a link, or not told
    std::string name;
    Kind kind = Kind::unknown;
};
// Without . and .., sorted by byte.
Result<std::vector<DirectoryEntry>> entries_in_directory(const std::string& path);
Result<std::vector<std::string>> names_in_directory(const std::string& path);

} // namespace preforkd
