// autoindex: what a directory holds, as a page, where Options Indexes allows it.

#include "base/text.h"
#include "modules/content/autoindex/autoindex_settings.h"
#include "modules/content/autoindex/index_match.h"
#include "modules/content/autoindex/index_page.h"
#include "modules/content/autoindex/index_surroundings.h"
#include "modules/mapping/dir.h"
#include "modules/modules.h"
#include "os/file.h"
#include "pipeline/core_settings.h"
#include "pipeline/static_file.h"
#include "pipeline/subrequest.h"

namespace preforkd {

namespace {

constexpr std::string_view directory_type = "httpd/unix-directory";

// Asking for an entry takes memory that is given back before the next is asked for.
class EntryLookup {
  public:
    EntryLookup(Request& request, const std::string& folder)
        : request_(request), folder_(open_as_place(folder.c_str())) {}

    // Good until the next call. A folder's name may end in a slash.
    const Request& find(std::string_view name) {
        arena_.release();
        struct stat status {};
        const auto plain = name.substr(0, name.find('/'));
        if (folder_ && stat_link_in(folder_.get(), arena_.c_string(plain), status) != 0)
            status = {};
        return look_up_file(request_, name, arena_, status);
    }

  private:
    Request& request_;
    UniqueFd folder_;
    Arena arena_;
};

// One listing in the making.
struct Listing {
    Request& request;
    const AutoindexSettings& settings;
    const IndexQuery& query;
    std::string folder; // with its last slash

    bool has(unsigned options) const { return (query.options & options) != 0; }
};

// Folders and the way up have an icon of their own where no other fits.
void add_folder_icon(IndexEntry& entry, const AutoindexSettings& settings,
                     const IndexSubject& subject, std::string_view alternate_text) {
    constexpr IndexSubject any_folder{"^^DIRECTORY^^"};
    entry.icon = find_item(settings.icons, subject);
    if (!entry.icon) entry.icon = find_item(settings.icons, any_folder);
    const auto* text = find_item(settings.alternate_texts, subject);
    if (!text) text = find_item(settings.alternate_texts, any_folder);
    entry.alternate_text = text ? std::string_view(*text) : alternate_text;
}

void add_file_icon(IndexEntry& entry, const AutoindexSettings& settings, const Request& found) {
    const auto type = found.response.content_type;
    const IndexSubject subject{found.filename, trim(type.substr(0, type.find(';'))),
                               found.content_encoding, false};
    entry.icon = find_item(settings.icons, subject);
    if (const auto* text = find_item(settings.alternate_texts, subject))
        entry.alternate_text = *text;
}

std::int64_t micros_of(const struct timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
}

// What a fancy listing shows beside the name.
void add_details(IndexEntry& entry, const Listing& listing, const Request& found, bool is_folder) {
    const auto& settings = listing.settings;
    entry.modified = micros_of(found.storage.status.st_mtim);
    std::string path(found.filename);
    if (is_folder) {
        entry.comes_first = listing.has(index_folders_first);
        // An index file may stand for the folder.
        path.resize(std::min(path.rfind('/'), path.size()));
        add_folder_icon(entry, settings, {path}, "DIR");
    } else {
        entry.size = found.storage.status.st_size;
        add_file_icon(entry, settings, found);
    }
    if (const auto* text = find_description(settings.descriptions, path)) entry.description = *text;
    else if (listing.has(index_scan_html_titles))
        if (const auto title = title_of(found); !title.empty())
            entry.description = listing.request.arena.copy(title);
}

// An entry is listed if the client could have it.
bool is_shown(const Listing& listing, const Request& found) {
    const int status = found.response.status;
    if (found.storage.kind != Storage::Kind::regular &&
        found.storage.kind != Storage::Kind::directory)
        return false;
    if (status == 401 || status == 403) return listing.has(index_show_forbidden);
    return status >= 200 && status < 400;
}

bool is_asked_for(const Listing& listing, const std::string& name, std::string_view path) {
    const auto& pattern = listing.query.pattern;
    if (pattern && !matches_shell_pattern(name, *pattern, true)) return false;
    return !is_ignored(listing.settings.ignored, path);
}

void add_entry(std::vector<IndexEntry>& entries, const Listing& listing, EntryLookup& lookup,
               const DirectoryEntry& told, const std::string& path) {
    if (!is_asked_for(listing, told.name, path)) return;
    bool is_folder = told.kind == DirectoryEntry::Kind::directory;
    if (told.kind == DirectoryEntry::Kind::unknown) {
        struct stat status {};
        if (stat_path(path.c_str(), status) != 0) return;
        is_folder = S_ISDIR(status.st_mode);
    }
    IndexEntry entry{told.name};
    if (is_folder) entry.name = listing.request.arena.join({told.name, "/"});
    const Request& found = lookup.find(entry.name);
    if (!is_shown(listing, found)) return;
    if (listing.has(index_fancy | index_table)) add_details(entry, listing, found, is_folder);
    entries.push_back(entry);
}

// The path of the folder around `uri`, or "" for the root.
std::string_view parent_of(std::string_view uri) {
    if (uri.ends_with('/')) uri.remove_suffix(1);
    return uri.substr(0, uri.rfind('/') + 1);
}

void add_way_up(std::vector<IndexEntry>& entries, const Listing& listing) {
    const auto parent = parent_of(listing.request.uri);
    const std::string path = listing.folder + "..";
    if (parent.empty() || is_ignored(listing.settings.ignored, path)) return;
    IndexEntry entry{parent};
    if (listing.has(index_fancy)) {
        add_folder_icon(entry, listing.settings, {path}, "PARENTDIR");
        if (const auto* text = find_description(listing.settings.descriptions, path))
            entry.description = *text;
    }
    entries.push_back(entry);
}

using FolderEntries = std::vector<DirectoryEntry>;

std::vector<IndexEntry> entries_of(const Listing& listing, const FolderEntries& told) {
    std::vector<IndexEntry> entries;
    entries.reserve(told.size() + 1);
    add_way_up(entries, listing);
    EntryLookup lookup(listing.request, listing.folder);
    std::string path;
    for (const auto& entry : told) {
        path.assign(listing.folder).append(entry.name);
        add_entry(entries, listing, lookup, entry, path);
    }
    sort_entries(entries, {listing.query.key, listing.query.direction == 'A',
                           listing.has(index_version_sort), listing.has(index_ignore_case)});
    return entries;
}

IndexQuery query_of(const Request& request, const AutoindexSettings& settings) {
    IndexQuery query;
    query.options = settings.options();
    query.key = settings.key.value_or('N');
    query.direction = settings.direction.value_or('A');
    if (query.options & index_ignore_client) query.options |= index_suppress_column_sorting;
    else apply_query(query, request.query, request.arena);
    return query;
}

std::string title_for(const Request& request) {
    std::string title = escape_html(request.uri);
    while (title.size() > 1 && title.ends_with('/')) title.pop_back();
    return title;
}

void set_content_type(Request& request, const IndexLook& look) {
    const std::string_view type = look.type ? std::string_view(*look.type) : "text/html";
    const std::string_view charset = look.charset ? std::string_view(*look.charset) : "ISO-8859-1";
    request.response.content_type =
        charset.empty() ? type : request.arena.join({type, ";charset=", charset});
}

Verdict send_listing(Request& request, Responder& responder, const AutoindexSettings& settings,
                     const FolderEntries& told) {
    const IndexQuery query = query_of(request, settings);
    const bool has_slash = request.filename.ends_with('/');
    const Listing listing{request, settings, query,
                          std::string(request.filename) + (has_slash ? "" : "/")};
    IndexPage page{settings, query};
    bool has_inserts = add_head(page, request, title_for(request));
    auto entries = entries_of(listing, told);
    add_list(page, entries);
    has_inserts = add_tail(page, request) || has_inserts;

    auto& sink = responder.send(request);
    if (has_inserts) static_cast<void>(sink.flush());
    if (sink.write(page.text)) static_cast<void>(sink.finish());
    return done;
}

Verdict list_directory(Request& request, Responder& responder) {
    const auto& settings = request.of<AutoindexSettings>();
    const auto told = entries_in_directory(std::string(request.filename));
    if (!told) {
        request.log(
            "autoindex", log::Level::error,
            request.arena.join({"AH01275: Can't open directory for index: ", request.filename}),
            told.error().code);
        return refuse(403);
    }
    set_content_type(request, settings.look);
    if (settings.options() & index_track_modified) set_validators(request, request.storage.status);
    if (!request.header_only()) return send_listing(request, responder, settings, *told);
    static_cast<void>(responder.send(request).finish());
    return done;
}

Verdict handle(Request& request, Responder& responder) {
    if (request.storage.kind != Storage::Kind::directory) return declined;
    if (!request.handler_name.empty() && request.handler_name != directory_type) return declined;
    if (request.head.method != http::Method::get && request.head.method != http::Method::head)
        return declined;
    if (request.of<CoreDirectorySettings>().effective_options() & option_indexes)
        return list_directory(request, responder);
    request.log("autoindex", log::Level::error,
                request.arena.join({"AH01276: Cannot serve directory ", request.filename,
                                    ": No matching DirectoryIndex (", index_names_of(request),
                                    ") found, and server-generated directory index forbidden by "
                                    "Options directive"}));
    return refuse(403);
}

} // namespace

Module autoindex_module() {
    return {
        .name = "autoindex",
        .directives = autoindex_directives(),
        .settings = {config::settings_type<AutoindexSettings>()},
        .hooks = {.handler = handle},
    };
}

} // namespace preforkd
