#include "config/included_files.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include "config/paths.h"
#include "os/file.h"

namespace preforkd::config {

namespace {

constexpr int deepest_folder = 20;

bool is_folder(const std::string& path) {
    struct stat status;
    return stat_path(path.c_str(), status) == 0 && S_ISDIR(status.st_mode);
}

bool exists(const std::string& path) {
    struct stat status;
    return stat_path(path.c_str(), status) == 0;
}

std::string reason_of(const Error& error) { return error.what.substr(error.what.rfind(": ")); }

std::string joined(const std::string& folder, const std::string& name) {
    return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

class Finder {
  public:
    explicit Finder(bool optional) : optional_(optional) {}

    // All files in a folder and in those below.
    Status take(const std::string& path, int depth) {
        if (!is_folder(path)) {
            found.push_back(path);
            return {};
        }
        if (depth == deepest_folder)
            return Error{fmt::format("Directory {} exceeds the maximum include directory nesting "
                                     "level of {}. You have probably a recursion somewhere.",
                                     path, deepest_folder)};
        const auto names = names_in_directory(path);
        if (!names)
            return Error{fmt::format("Could not open config directory {}{}", path,
                                     reason_of(names.error()))};
        for (const auto& name : *names)
            if (auto taken = take(joined(path, name), depth + 1); !taken) return taken;
        return {};
    }

    // `rest` begins with the first part that has a wildcard.
    Status match(const std::string& folder, const std::string& rest) {
        const auto slash = rest.find('/');
        const std::string pattern = rest.substr(0, slash);
        const auto names = names_in_directory(folder);
        if (!names)
            return optional_ ? Status()
                             : Error{fmt::format("Include/IncludeOptional: Could not open "
                                                 "directory {}{}",
                                                 folder, reason_of(names.error()))};
        bool any = false;
        for (const auto& name : *names) {
            const std::string path = joined(folder, name);
            if (fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD) != 0) continue;
            if (slash != std::string::npos && !is_folder(path)) continue;
            any = true;
            auto taken =
                slash == std::string::npos ? take(path, 0) : go_on(path, rest.substr(slash + 1));
            if (!taken) return taken;
        }
        if (!any && !optional_)
            return Error{fmt::format("Include/IncludeOptional: No matches for the wildcard '{}' in "
                                     "'{}', failing",
                                     pattern, folder)};
        return {};
    }

    std::vector<std::string> found;

  private:
    // Plain parts up to the next wildcard.
    Status go_on(std::string folder, std::string rest) {
        while (!has_wildcard(rest.substr(0, rest.find('/')))) {
            const auto slash = rest.find('/');
            folder = joined(folder, rest.substr(0, slash));
            if (slash == std::string::npos) return exists(folder) ? take(folder, 0) : Status();
            rest.erase(0, slash + 1);
        }
        return match(folder, rest);
    }

    bool optional_;
};

} // namespace

Result<std::vector<std::string>> find_included_files(const std::string& path, bool optional) {
    Finder finder(optional);
    Status done;
    if (!has_wildcard(path)) {
        if (optional && !exists(path)) return finder.found;
        done = finder.take(path, 0);
    } else {
        const auto wildcard = path.find_first_of("*?[");
        const auto slash = path.rfind('/', wildcard);
        done = finder.match(slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1));
    }
    if (!done) return done.error();
    return finder.found;
}

} // namespace preforkd::config
