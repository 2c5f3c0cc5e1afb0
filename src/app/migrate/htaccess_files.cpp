#include "app/migrate/htaccess_files.h"

#include <limits>
#include <set>

#include "config/reader.h"
#include "os/file.h"
#include "pipeline/core_settings.h"
#include "pipeline/host_settings.h"
#include "pipeline/module.h"
#include "pipeline/phases.h"
#include "pipeline/section_match.h"

namespace preforkd::migrate {

namespace {

constexpr std::size_t most_folders = 20'000;

config::DirectiveTable rows_of(const config::Configuration& configuration) {
    config::DirectiveTable rows;
    for (const Module& module : all_modules())
        if (is_enabled(module, configuration))
            for (const auto& row : module.directives) rows.add(row, source_of(module));
    return rows;
}

// The settings of <Directory> sections for a folder; AllowOverride stands in no other place.
config::MergedSettings settings_of(const config::Server& server, const std::string& folder) {
    SectionList sections;
    add_directory_matches(server.all_directories, "/", sections);
    for (std::size_t end = 0; end != std::string::npos;) {
        end = folder.find('/', end + 1);
        add_directory_matches(server.all_directories, folder.substr(0, end), sections);
    }
    add_directory_regex_matches(server.all_directories, folder + "/", sections);
    auto merged = server.directory_merged.with(config::MergedSettings{});
    for (const auto* section : sections) merged.add(section->settings);
    return merged;
}

config::HtaccessRules rules_of(const CoreDirectorySettings& core) {
    return {
        .overrides = core.allow_override.value_or(config::override_none),
        .allowed_options = core.allow_override_options.value_or(~0u),
        .directives = core.allow_override_list.value_or(std::vector<std::string>{}),
        .fatal = core.override_errors_fatal.value_or(true),
        .unknown_is_fatal = core.unknown_errors_fatal.value_or(true),
    };
}

bool is_real_folder(const std::string& path) {
    struct stat status {};
    return stat_link(path.c_str(), status) == 0 && S_ISDIR(status.st_mode);
}

class Walk {
  public:
    Walk(const config::Configuration& configuration, std::size_t limit, config::Witness& witness,
         Survey& survey)
        : configuration_(configuration), rows_(rows_of(configuration)), left_(limit),
          witness_(witness), survey_(survey) {}

    // Without the slash that may stand at the end of DocumentRoot. A folder of several servers is
    // looked at for each that has sections of its own: AllowOverride may be another.
    void walk_all() {
        std::set<std::string> common;
        for (const auto& server : configuration_.servers) {
            const auto& said = server->of<HostSettings>().document_root;
            if (!said) continue;
            const auto end = said->find_last_not_of('/');
            const auto root = said->substr(0, end == std::string::npos ? 0 : end + 1);
            if (server->directories.empty() && !common.insert(root).second) continue;
            seen_.clear();
            walk(*server, root);
        }
        survey_.ignored_htaccess = ignored_.size();
    }

  private:
    void walk(const config::Server& server, const std::string& folder) {
        struct stat status {};
        if (stat_path(folder.c_str(), status) != 0 || !S_ISDIR(status.st_mode)) return;
        if (!seen_.emplace(status.st_dev, status.st_ino).second) return;
        if (left_ == 0) {
            survey_.saw_every_folder = false;
            return;
        }
        --left_;
        look_at(server, folder);
        const auto names = names_in_directory(folder);
        if (!names) return;
        for (const auto& name : *names)
            if (const std::string path = folder + "/" + name; is_real_folder(path))
                walk(server, path);
    }

    void look_at(const config::Server& server, const std::string& folder) {
        const std::vector<std::string> standard{".htaccess"};
        const auto& named = server.of<CoreServerSettings>().access_file_names;
        for (const auto& name : named ? *named : standard) {
            const std::string path = folder + "/" + name;
            const auto text = judged_.contains(path) ? Error{} : read_whole_file(path);
            if (!text) continue;
            const auto rules = rules_of(settings_of(server, folder).of<CoreDirectorySettings>());
            if (rules.overrides == config::override_none && rules.directives.empty()) {
                ignored_.insert(path);
                continue;
            }
            judged_.insert(path);
            ignored_.erase(path);
            survey_.htaccess_files.push_back(path);
            const auto read =
                config::read_htaccess(configuration_, rows_, path, *text, rules, &witness_);
            if (const auto* error = std::get_if<config::ConfigError>(&read))
                survey_.fault = error->text();
        }
    }

    const config::Configuration& configuration_;
    config::DirectiveTable rows_;
    std::size_t left_; // folders
    config::Witness& witness_;
    Survey& survey_;
    std::set<std::pair<dev_t, ino_t>> seen_;
    std::set<std::string> judged_, ignored_;
};

} // namespace

void look_into_htaccess_files(const config::Configuration& configuration, HtaccessSearch search,
                              config::Witness& witness, Survey& survey) {
    if (search == HtaccessSearch::none) return;
    Walk walk(configuration,
              search == HtaccessSearch::everywhere ? std::numeric_limits<std::size_t>::max()
                                                   : most_folders,
              witness, survey);
    walk.walk_all();
}

} // namespace preforkd::migrate
