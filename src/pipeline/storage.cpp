#include "pipeline/storage.h"

#include <cerrno>
#include <climits>

#include "os/file.h"
#include "pipeline/core_settings.h"

namespace preforkd {

Storage::Kind Storage::kind_of(const struct stat& status) {
    if (S_ISREG(status.st_mode)) return Kind::regular;
    if (S_ISDIR(status.st_mode)) return Kind::directory;
    return Kind::other;
}

namespace {

std::string_view without_last_slash(std::string_view path) {
    return path.size() > 1 && path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
}

std::string_view parent_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

Verdict refuse_unreachable(Request& request, std::string_view path, int code) {
    const bool no_search = code == EACCES;
    request.log("core", log::Level::error,
                request.arena.join(
                    {no_search ? "AH00035: access to " : "AH00036: access to ", request.uri,
                     no_search ? " denied (filesystem path '" : " failed (filesystem path '", path,
                     no_search ? "') because search permissions are missing on a component of "
                                 "the path"
                               : "')"}),
                code);
    return refuse(403);
}

// `path` up to the end of its first name below `folder`.
std::string_view first_below(std::string_view folder, std::string_view path) {
    const auto start = folder == "/" ? 1 : folder.size() + 1;
    return path.substr(0, std::min(path.find('/', start), path.size()));
}

// What stands behind `file` is path_info.
void cut(Request& request, std::string_view file, Storage::Kind kind, const struct stat& status) {
    request.path_info = request.filename.substr(file.size());
    request.filename = file;
    request.storage.kind = kind;
    request.storage.status = status;
}

// Cuts `filename` after its first name that is missing or no directory. Answers the errno that
// ended the way, 0 for a file.
int cut_at_first_gap(Request& request) {
    const std::string_view whole = request.filename;
    std::string_view known; // the longest part that exists
    struct stat status {};
    for (auto rest = without_last_slash(whole); known.empty(); rest = parent_of(rest)) {
        if (rest == whole) continue; // looked for already
        const int code = stat_path(request.arena.c_string(rest), status);
        if (code == 0) known = rest;
        else if (code != ENOENT && code != ENOTDIR) return code;
    }
    if (S_ISDIR(status.st_mode))
        cut(request, first_below(known, whole), Storage::Kind::missing, {});
    else cut(request, known, Storage::kind_of(status), status);
    return 0;
}

// The deepest folder around the file that was there before: requests were answered from it.
std::string_view known_folder(const Request& request, SettingsWalk& walk) {
    auto folder = parent_of(without_last_slash(request.filename));
    while (folder != "/" && !walk.knows_directory(*request.server, folder, request.received_at))
        folder = parent_of(folder);
    return folder;
}

// A path into nowhere, or behind a file, as front controllers have them: one look at the first name
// below that folder tells. A path that is too long for the system is an error as a whole.
bool cut_below(std::string_view folder, Request& request) {
    if (request.filename.size() >= PATH_MAX) return false;
    const auto first = first_below(folder, request.filename);
    if (first.size() >= without_last_slash(request.filename).size()) return false;
    struct stat status {};
    const int code = stat_link(request.arena.c_string(first), status);
    if (code == ENOENT) cut(request, first, Storage::Kind::missing, {});
    else if (code == 0 && S_ISREG(status.st_mode))
        cut(request, first, Storage::Kind::regular, status);
    else return false;
    return true;
}

// The parts of a listing, and others that are asked for beside it, have a tag of their own.
Verdict refuse_link(Request& request, std::string_view path) {
    const bool is_beside_main =
        request.main && parent_of(path) == parent_of(request.main->filename);
    request.log(
        "core", log::Level::error,
        request.arena.join(
            {is_beside_main ? "AH00032: Symbolic link not allowed or link target not accessible: "
                            : "AH00037: Symbolic link not allowed or link target not accessible: ",
             path}));
    return refuse(403);
}

// One call for most files; a symbolic link needs a second. Answers an errno; the status of a link
// that leads nowhere stays.
int look_at(Request& request) {
    struct stat& status = request.storage.status;
    const char* name = request.arena.c_string(without_last_slash(request.filename));
    const int code = stat_link(name, status);
    if (code != 0) status = {};
    const bool is_folder_name = request.filename.ends_with('/');
    if (code != 0 || (!S_ISLNK(status.st_mode) && (!is_folder_name || S_ISDIR(status.st_mode))))
        return code;
    struct stat target;
    const int reached = stat_path(request.arena.c_string(request.filename), target);
    if (reached == 0) status = target;
    else if (!S_ISLNK(status.st_mode)) status = {};
    return reached;
}

Verdict refuse_unreadable(Request& request, const DirectorySettings& settings) {
    request.log("core", log::Level::crit, settings.error, settings.error_code);
    request.error_notes = "Server unable to read htaccess file, denying access to be safe";
    return refuse(403);
}

// A folder may be there whose names nobody of ours can look up: that stands in the way of its
// .htaccess file first, where that would count.
Verdict refuse_unsearchable(Request& request, SettingsWalk& walk) {
    struct stat status {};
    auto folder = parent_of(without_last_slash(request.filename));
    while (stat_path(request.arena.c_string(folder), status) != 0) folder = parent_of(folder);
    const auto& settings = walk.directory(*request.server, folder, folder, false);
    if (settings.error_code != 0) return refuse_unreadable(request, settings);
    return refuse_unreachable(request, first_below(folder, request.filename), EACCES);
}

bool is_link(Request& request, std::string_view path) {
    struct stat status {};
    return stat_link(request.arena.c_string(path), status) == 0 && S_ISLNK(status.st_mode);
}

Verdict look(Request& request, SettingsWalk& walk) {
    if (request.storage.kind != Storage::Kind::unknown) return ok;
    const auto folder = known_folder(request, walk);
    if (cut_below(folder, request)) return ok;
    const int code = look_at(request);
    if (code == 0) {
        request.storage.kind = Storage::kind_of(request.storage.status);
        return ok;
    }
    const bool is_behind_link = code == ENOTDIR && request.filename.ends_with('/');
    if (S_ISLNK(request.storage.status.st_mode) && !is_behind_link)
        return refuse_link(request, without_last_slash(request.filename));
    if (code == EACCES) return refuse_unsearchable(request, walk);
    if (code != ENOENT && code != ENOTDIR)
        return refuse_unreachable(request, request.filename, code);
    const auto name = without_last_slash(request.filename);
    if (code == ENOENT && folder != "/" && folder == parent_of(name)) {
        cut(request, name, Storage::Kind::missing, {}); // the usual 404
        return ok;
    }
    if (const int failed = cut_at_first_gap(request); failed != 0)
        return refuse_unreachable(request, request.filename, failed);
    if (request.storage.kind == Storage::Kind::missing && is_link(request, request.filename))
        return refuse_link(request, request.filename); // it leads nowhere
    return ok;
}

bool may_follow(const char* link, const struct stat& status, unsigned options) {
    if (options & option_follow_symlinks) return true;
    if (!(options & option_symlinks_if_owner)) return false;
    struct stat target;
    return stat_path(link, target) == 0 && target.st_uid == status.st_uid;
}

// Looks at each name of the path whose directory does not simply follow symbolic links.
Verdict check_links(Request& request, const DirectorySettings& settings) {
    const std::string_view path = without_last_slash(request.filename);
    std::size_t level = 0;
    for (std::size_t end = 0; end < path.size(); ++level) {
        end = std::min(path.find('/', end + 1), path.size());
        const unsigned options = settings.options[std::min(level, settings.options.size() - 1)];
        if (options & option_follow_symlinks) continue;
        const char* name = request.arena.c_string(path.substr(0, end));
        struct stat status;
        if (stat_link(name, status) != 0) break;
        if (S_ISLNK(status.st_mode) && !may_follow(name, status, options))
            return refuse_link(request, path.substr(0, end));
    }
    return ok;
}

} // namespace

Verdict find_in_storage(Request& request, SettingsWalk& walk) {
    if (auto verdict = look(request, walk); !verdict.is_ok()) return verdict;
    const bool is_directory = request.storage.kind == Storage::Kind::directory;
    const std::string_view directory =
        is_directory ? without_last_slash(request.filename) : parent_of(request.filename);
    const auto& settings =
        walk.directory(*request.server, directory, request.filename,
                       !is_directory && request.storage.kind != Storage::Kind::missing);
    if (settings.error_code != 0) return refuse_unreadable(request, settings);
    if (!settings.error.empty()) {
        request.log("core", log::Level::alert, settings.error);
        return refuse(500);
    }
    if (!settings.follows_every_link) {
        if (auto verdict = check_links(request, settings); !verdict.is_ok()) return verdict;
    }
    walk.complete(request, &settings);
    return ok;
}

} // namespace preforkd
