// The settings of directories, as <Directory> sections and .htaccess files make them. The merge for
// a directory is done once and kept by the child; .htaccess files are looked at again each time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/configuration.h"
#include "config/directive.h"
#include "os/file_version.h"
#include "pipeline/section_match.h"

namespace preforkd {

// One .htaccess file that a directory's settings depend on, as it was when they were merged.
struct HtaccessFile {
    std::string path;
    int problem = 0; // why it could not be looked at, mostly that it is not there: an errno
    bool regular = false;
    FileVersion version;
    bool settled = true; // not so young that its next change could bear the same time
    std::vector<config::Warning> warnings = {}; // about what stands in it
};

// What holds in one directory of one server.
struct DirectorySettings {
    config::MergedSettings sections; // <Directory> sections and .htaccess files alone
    config::MergedSettings merged;   // those on top of the server's
    // <Files> sections to try, in merging order: the server's, then those inside directories.
    SectionList files;
    SectionList ifs;   // <If> sections to try, in merging order so far
    SectionList named; // sections whose regular expressions set variables
    // Options at each level from "/" down; a symbolic link in a directory is judged by that
    // directory's.
    std::vector<unsigned> options;
    bool follows_every_link = false;
    std::vector<HtaccessFile> htaccess;
    unsigned checked_for = 0; // the last request whose files were looked at
    std::int64_t seen_at = 0; // when the directory itself was, in microseconds
    std::vector<std::shared_ptr<config::Section>> owned; // read from .htaccess files
    // A mistake in an .htaccess file: the request is answered with 500. With 403, and for the
    // reason `error_code`, where the file cannot be read.
    std::string error;
    int error_code = 0;
};

class DirectorySettingsCache {
  public:
    explicit DirectorySettingsCache(const config::Configuration& configuration,
                                    const config::DirectiveTable& directives);

    // For an absolute directory without its last slash (but "/"). `path` is what <DirectoryMatch>
    // sees: a file's name, which may be missing, or the directory with a slash. Good until
    // free_retired().
    const DirectorySettings& settings_for(const config::Server& server, std::string_view directory,
                                          std::string_view path, bool is_file);

    // A client asks: files are looked at once for it, whatever it leads to inside the server.
    void begin_request() { ++request_; }

    // Its settings were asked for, and are kept; and it was there a second ago. `now` is in
    // microseconds.
    bool knows(const config::Server& server, std::string_view directory, std::int64_t now);

    // Counts how often entries were retired, so that whoever keeps a pointer into one can tell.
    unsigned generation() const { return generation_; }

    // Frees what is out of date. Requires: no request holds settings (between two requests).
    void free_retired() { retired_.clear(); }

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>()(text);
        }
    };
    using Entries =
        std::unordered_map<std::string, std::unique_ptr<DirectorySettings>, Hash, std::equal_to<>>;

    bool is_current(DirectorySettings& settings) const;
    const DirectorySettings& current_settings(const config::Server& server,
                                              std::string_view directory, std::string_view path,
                                              bool is_file);
    // Once for each request that a client sends, as if the files were read for it.
    void tell_warnings(const config::Server& server, const DirectorySettings& settings);
    std::unique_ptr<DirectorySettings> merge(const config::Server& server,
                                             std::string_view directory, std::string_view path,
                                             bool is_file);
    void retire_everything();
    // What the directory's .htaccess file says; nullptr where there is none, or settings.error
    // tells why not.
    const config::Section* read_htaccess(DirectorySettings& settings, const std::string& directory,
                                         const config::Server& server);

    // A number for what a file says.
    std::uint64_t source_of(const std::string& path, const std::string& text);

    const config::Configuration& configuration_;
    const config::DirectiveTable& directives_;
    std::unordered_map<const config::Server*, Entries> entries_;
    std::vector<std::unique_ptr<DirectorySettings>> retired_;
    std::unordered_map<std::string, std::uint64_t> sources_; // by path and text
    std::uint64_t sources_given_ = 0;
    std::size_t count_ = 0;
    unsigned generation_ = 0;
    unsigned request_ = 0; // counted, to tell one from the next
    std::unordered_map<std::string, unsigned>
        told_; // files, and the request that they were told for
};

} // namespace preforkd
