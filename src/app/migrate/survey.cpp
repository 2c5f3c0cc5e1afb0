#include "app/migrate/survey.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "app/complete_configuration.h"
#include "app/defaults.h"
#include "app/migrate/htaccess_files.h"
#include "app/migrate/notebook.h"
#include "base/text.h"
#include "config/paths.h"
#include "config/reader.h"

namespace preforkd::migrate {

namespace {

// "    (12) /etc/x.conf"
std::vector<std::string> files_of(const config::Configuration& configuration) {
    std::vector<std::string> files;
    std::set<std::string> known;
    for (const std::string& line : configuration.included_files) {
        const std::string file = line.substr(line.find(") ") + 2);
        if (known.insert(file).second) files.push_back(file);
    }
    return files;
}

config::ReadOptions options_for(const CommandLine& line,
                                const std::vector<config::ModuleRows>& rows,
                                config::Witness& witness) {
    return {
        .server_root = line.server_root.value_or(std::string(defaults::server_root)),
        .file = line.file.value_or(std::string(defaults::configuration_file)),
        .defines = line.defines,
        .before = line.before,
        .after = line.after,
        .check_document_roots = line.check_document_roots,
        .modules = rows,
        .load = load_module,
        .witness = &witness,
    };
}

// What only a whole configuration tells: two MPMs, a user that there is not. Asked where every
// directive is accepted.
std::string fault_of_the_whole(const CommandLine& line) {
    const auto read = read_completely(line);
    const auto* error = std::get_if<config::ConfigError>(&read);
    return error ? error->text() : std::string();
}

} // namespace

std::size_t Survey::count(Kind kind) const {
    return static_cast<std::size_t>(
        std::count_if(occurrences.begin(), occurrences.end(),
                      [kind](const Occurrence& one) { return one.kind == kind; }));
}

// "macro 'x' (defined on line 3 of "/etc/x.conf") used on line 9 of "/etc/x.conf""
Site site_of(const config::Place& place) {
    if (!place.file) return {};
    if (!place.file->starts_with("macro '")) return {*place.file, place.line};
    constexpr std::string_view line_of = " on line ", file_of = " of \"";
    const std::string& title = *place.file;
    const auto start = title.rfind(line_of) + line_of.size();
    const auto middle = title.find(file_of, start);
    if (middle == std::string::npos) return {title, place.line};
    std::string file = title.substr(middle + file_of.size());
    while (file.ends_with('"')) file.pop_back();
    const auto line = parse_decimal(title.substr(start, middle - start));
    return {std::move(file), static_cast<int>(line.value_or(0))};
}

Survey survey_configuration(const SurveyOptions& options) {
    const auto rows = module_rows();
    Notebook notebook;
    const auto read_options = options_for(options.line, rows, notebook);
    auto read = config::read_configuration(read_options);

    Survey survey;
    survey.file = config::absolute_path(read_options.server_root, read_options.file);
    survey.server_root = read_options.server_root;
    survey.files.push_back(survey.file);
    if (const auto* error = std::get_if<config::ConfigError>(&read)) {
        survey.fault = error->text();
    } else {
        const auto& configuration = *std::get<0>(read);
        survey.server_root = configuration.server_root;
        survey.files = files_of(configuration);
        survey.hosts = configuration.servers.size() - 1;
        look_into_htaccess_files(configuration, options.search, notebook, survey);
    }
    survey.modules = notebook.modules;
    survey.occurrences = std::move(notebook.occurrences);
    survey.missing_modules = std::move(notebook.missing_modules);
    std::stable_sort(survey.occurrences.begin(), survey.occurrences.end(),
                     [](const Occurrence& a, const Occurrence& b) { return a.site < b.site; });
    const bool all_accepted =
        survey.count(Kind::unknown) + survey.count(Kind::refused) == 0 && survey.fault.empty();
    if (all_accepted) survey.fault = fault_of_the_whole(options.line);
    return survey;
}

} // namespace preforkd::migrate
