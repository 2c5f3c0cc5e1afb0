#include "pipeline/directory_settings.h"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <fmt/format.h>

#include "config/reader.h"
#include "os/file.h"
#include "pipeline/core_settings.h"
#include "pipeline/server_log.h"

namespace preforkd {

namespace {

// Directories are as many as the file system has; a child forgets all of them at this number.
constexpr std::size_t most_entries = 512;

HtaccessFile look_at(std::string path) {
    HtaccessFile file;
    file.path = std::move(path);
    struct stat status;
    file.problem = stat_path(file.path.c_str(), status);
    if (file.problem != 0) return file;
    file.regular = S_ISREG(status.st_mode);
    file.version = FileVersion(status);
    file.settled = file.version.is_settled(std::time(nullptr));
    return file;
}

bool unchanged(const HtaccessFile& file) {
    struct stat now;
    if (const int problem = stat_path(file.path.c_str(), now); problem != 0)
        return file.problem == problem;
    return file.problem == 0 && file.settled && file.version.is_of(now);
}

// What is no file is answered as if it could not be read.
Result<std::string> read(const HtaccessFile& file) {
    if (file.problem != 0) return Error{"", file.problem};
    if (!file.regular) return Error{"", EBADF};
    return read_whole_file(file.path);
}

void refuse_unreadable(DirectorySettings& settings, const std::string& file, int code) {
    settings.error = fmt::format("AH00529: {} pcfg_openfile: unable to check htaccess file, ensure "
                                 "it is readable and that '{}' is executable",
                                 file, file.substr(0, file.rfind('/') + 1));
    settings.error_code = code;
}

// Regular expressions see the whole path, and so may wildcards: then every file is an entry of its
// own.
bool tells_files_apart(const SectionList& sections) {
    return std::any_of(sections.begin(), sections.end(), [](const auto* section) {
        return section->regex || section->may_mean_files;
    });
}

unsigned options_of(const config::MergedSettings& merged) {
    return merged.of<CoreDirectorySettings>().effective_options();
}

bool follows_links(unsigned options) {
    return (options & (option_follow_symlinks | option_symlinks_if_owner)) ==
           option_follow_symlinks;
}

void add_file_matches(const SectionList& sections, const std::string& path, SectionList& into) {
    for (const auto* section : sections)
        if (section->may_mean_files && matches_glob(section->pattern, path, true))
            into.push_back(section);
}

void add_section(DirectorySettings& settings, const config::MergedSettings& base,
                 const config::Section& section) {
    settings.sections.add(section.settings);
    settings.merged = base.with(settings.sections);
    for (const auto& nested : section.files) settings.files.push_back(nested.get());
    for (const auto& nested : section.ifs) settings.ifs.push_back(nested.get());
    if (section.regex && !section.regex->named_groups().empty()) settings.named.push_back(&section);
}

std::string parent_and_name(const std::string& directory, const std::string& name) {
    return directory == "/" ? "/" + name : directory + "/" + name;
}

} // namespace

DirectorySettingsCache::DirectorySettingsCache(const config::Configuration& configuration,
                                               const config::DirectiveTable& directives)
    : configuration_(configuration), directives_(directives) {}

bool DirectorySettingsCache::is_current(DirectorySettings& settings) const {
    if (settings.checked_for == request_) return true;
    for (const auto& file : settings.htaccess)
        if (!unchanged(file)) return false;
    settings.checked_for = request_;
    return true;
}

void DirectorySettingsCache::tell_warnings(const config::Server& server,
                                           const DirectorySettings& settings) {
    if (told_.size() >= most_entries) told_.clear();
    for (const auto& file : settings.htaccess) {
        if (file.warnings.empty() || std::exchange(told_[file.path], request_) == request_)
            continue;
        for (const auto& warning : file.warnings)
            log_to(server,
                   {.module = warning.module, .level = warning.level, .text = warning.text});
    }
}

const DirectorySettings& DirectorySettingsCache::settings_for(const config::Server& server,
                                                              std::string_view directory,
                                                              std::string_view path, bool is_file) {
    const auto& settings = current_settings(server, directory, path, is_file);
    tell_warnings(server, settings);
    return settings;
}

const DirectorySettings& DirectorySettingsCache::current_settings(const config::Server& server,
                                                                  std::string_view directory,
                                                                  std::string_view path,
                                                                  bool is_file) {
    std::string_view key = tells_files_apart(server.all_directories) ? path : directory;
    // A name without a file is no file: it must not find what was merged while it was one.
    const std::string missing = is_file || key == directory ? "" : "-" + std::string(path);
    if (!missing.empty()) key = missing;
    auto& entries = entries_[&server];
    if (auto found = entries.find(key); found != entries.end()) {
        if (is_current(*found->second)) return *found->second;
        ++generation_;
        retired_.push_back(std::exchange(found->second, merge(server, directory, path, is_file)));
        return *found->second;
    }
    if (count_ >= most_entries) retire_everything();
    ++count_;
    return *(entries_[&server][std::string(key)] = merge(server, directory, path, is_file));
}

bool DirectorySettingsCache::knows(const config::Server& server, std::string_view directory,
                                   std::int64_t now) {
    constexpr std::int64_t one_second = 1'000'000;
    auto& entries = entries_[&server];
    const auto found = entries.find(directory);
    if (found == entries.end()) return false;
    if (now - found->second->seen_at < one_second) return true;
    found->second->seen_at = now;
    if (is_directory(found->first)) return true;
    retired_.push_back(std::move(found->second));
    entries.erase(found);
    --count_;
    ++generation_;
    return false;
}

void DirectorySettingsCache::retire_everything() {
    for (auto& [server, entries] : entries_)
        for (auto& [directory, settings] : entries) retired_.push_back(std::move(settings));
    entries_.clear();
    count_ = 0;
    ++generation_;
}

std::unique_ptr<DirectorySettings> DirectorySettingsCache::merge(const config::Server& server,
                                                                 std::string_view directory,
                                                                 std::string_view path,
                                                                 bool is_file) {
    auto settings = std::make_unique<DirectorySettings>();
    settings->checked_for = request_;
    settings->merged = server.directory_merged.with(settings->sections);
    settings->files = server.all_files;
    settings->ifs = server.all_ifs;
    const int deepest = depth_of(directory);
    std::size_t end = 0;
    for (int level = 0; level <= deepest; ++level) {
        if (level > 0) {
            end = directory.find('/', end + 1);
            if (end == std::string_view::npos) end = directory.size();
        }
        const std::string prefix(level == 0 ? "/" : directory.substr(0, end));
        SectionList matches;
        add_directory_matches(server.all_directories, prefix, matches);
        for (const auto* section : matches)
            add_section(*settings, server.directory_merged, *section);
        if (const auto* file = read_htaccess(*settings, prefix, server))
            add_section(*settings, server.directory_merged, *file);
        settings->options.push_back(options_of(settings->merged));
    }
    SectionList matches;
    // Where links are followed anyway, Apache takes the file for one more folder.
    if (is_file && follows_links(settings->options.back()))
        add_file_matches(server.all_directories, std::string(path), matches);
    add_directory_regex_matches(server.all_directories, path, matches);
    for (const auto* section : matches) add_section(*settings, server.directory_merged, *section);

    settings->follows_every_link = true;
    for (unsigned options : settings->options)
        if (!(options & option_follow_symlinks)) settings->follows_every_link = false;
    return settings;
}

// Told apart by what they say, not by a digest of it: who may write one must not be able to make it
// pass for another.
std::uint64_t DirectorySettingsCache::source_of(const std::string& path, const std::string& text) {
    if (sources_.size() >= most_entries) sources_.clear(); // numbers are never given again
    auto& source = sources_[path + '\0' + text];
    if (source == 0) source = ++sources_given_;
    return source;
}

const config::Section* DirectorySettingsCache::read_htaccess(DirectorySettings& settings,
                                                             const std::string& directory,
                                                             const config::Server& server) {
    const auto& core = settings.merged.of<CoreDirectorySettings>();
    config::HtaccessRules rules;
    rules.overrides = core.allow_override.value_or(config::override_none);
    if (core.allow_override_list) rules.directives = *core.allow_override_list;
    if (rules.overrides == config::override_none && rules.directives.empty()) return nullptr;
    rules.allowed_options = core.allow_override_options.value_or(~0u);
    rules.fatal = core.override_errors_fatal.value_or(true);
    rules.unknown_is_fatal = core.unknown_errors_fatal.value_or(true);

    static const std::vector<std::string> usual_names{".htaccess"};
    const auto& names = server.of<CoreServerSettings>().access_file_names;
    for (const auto& name : names ? *names : usual_names) {
        const HtaccessFile file = look_at(parent_and_name(directory, name));
        settings.htaccess.push_back(file);
        if (file.problem == ENOENT || file.problem == ENOTDIR) continue;

        auto text = read(file);
        if (!text) {
            refuse_unreadable(settings, file.path, text.error().code);
            return nullptr;
        }
        auto outcome = config::read_htaccess(configuration_, directives_, file.path, *text, rules,
                                             nullptr, &settings.htaccess.back().warnings);
        if (auto* problem = std::get_if<config::ConfigError>(&outcome)) {
            settings.error = problem->place.file ? *problem->place.file + ": " + problem->message
                                                 : problem->message;
            return nullptr;
        }
        settings.owned.push_back(std::move(std::get<std::unique_ptr<config::Section>>(outcome)));
        settings.owned.back()->settings.come_from(source_of(file.path, *text));
        return settings.owned.back().get(); // only the first name that exists counts
    }
    return nullptr;
}

} // namespace preforkd
