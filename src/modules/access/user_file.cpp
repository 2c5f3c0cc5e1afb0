#include "modules/access/user_file.h"

#include <algorithm>
#include <ctime>
#include <unordered_map>

#include "base/text.h"
#include "config/line_reader.h"
#include "os/file.h"
#include "os/file_version.h"

namespace preforkd {

namespace {

struct KeptFile {
    FileVersion version;
    std::string text;
};

// Makes one line of those that go on behind a backslash.
std::string join_lines(std::string text) {
    if (text.find('\\') == text.npos) return text;
    std::string joined;
    config::LineReader lines("", std::move(text));
    for (auto more = lines.next(); more && *more; more = lines.next())
        (joined += lines.line()) += '\n';
    return joined;
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
    file = {FileVersion(status), join_lines(std::move(*text))};
    return &file.text;
}

std::string_view take_entry(std::string_view& text) {
    const auto entry = text.substr(0, text.find('\n'));
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
