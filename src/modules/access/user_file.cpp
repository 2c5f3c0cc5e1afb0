#include "modules/access/user_file.h"

#include <algorithm>
#include <ctime>
#include <unordered_map>

#include "base/text.h"
#include "os/file.h"
#include "os/file_version.h"

namespace preforkd {

namespace {

struct KeptFile {
    FileVersion version;
    std::string text;
};

// Whether the line that ends at a newline goes on behind it.
bool goes_on(std::string_view text, std::size_t end) {
    if (end > 0 && text[end - 1] == '\r') --end;
    return end > 0 && text[end - 1] == '\\';
}

} // namespace

Result<const std::string*> user_file(const std::string& path) {
    static std::unordered_map<std::string, KeptFile> files;
    struct stat status {};
    if (const int problem = stat_path(path.c_str(), status); problem != 0)
        return Error{"stat " + path, problem};
    KeptFile& file = files[path];
    // A change within the second that it was written in would not show.
    if (file.version.is_of(status) && file.version.is_settled(std::time(nullptr)))
        return &file.text;
    auto text = read_whole_file(path);
    if (!text) return text.error();
    file = {FileVersion(status), std::move(*text)};
    return &file.text;
}

std::string_view take_entry(std::string_view& text) {
    auto end = text.find('\n');
    while (end != text.npos && goes_on(text, end)) end = text.find('\n', end + 1);
    const auto entry = text.substr(0, end);
    text.remove_prefix(std::min(entry.size() + 1, text.size()));
    return trim(entry);
}

std::optional<std::string_view> find_in_user_file(std::string_view text, std::string_view name) {
    while (!text.empty()) {
        auto line = take_entry(text);
        if (line.starts_with('#') || !line.starts_with(name)) continue;
        line.remove_prefix(name.size());
        if (line.starts_with(':')) return line.substr(1);
    }
    return {};
}

} // namespace preforkd
