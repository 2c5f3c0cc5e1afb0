#include "app/verbs/migrate.h"

#include <fmt/format.h>

#include "app/complete_configuration.h"
#include "app/migrate/coverage.h"
#include "app/migrate/report.h"
#include "app/migrate/survey.h"
#include "app/migrate/verdict.h"
#include "app/verbs/environment_file.h"
#include "app/verbs/migrate_request.h"
#include "os/file.h"
#include "os/terminal.h"

namespace preforkd {

namespace {

constexpr int not_possible = 2;

int fail(std::string_view reason) {
    fmt::print(stderr, "preforkctl: {}\n", reason);
    return not_possible;
}

migrate::PageStyle style_of_output() { return migrate::PageStyle(shows_colours(STDOUT_FILENO)); }

int report_on_tree(const MigrateRequest& request) {
    struct stat status {};
    if (stat_path(request.tree.c_str(), status) != 0 || !S_ISDIR(status.st_mode))
        return fail(fmt::format("{} is no folder", request.tree));
    const auto tree = migrate::cover_tree(request.tree);
    fmt::print("{}", request.json ? migrate::tree_json(request.tree, tree)
                                  : migrate::tree_text(request.tree, tree, style_of_output()));
    for (const auto& file : tree.files)
        if (!file.wholly_accepted(false)) return 1;
    return 0;
}

int report_on_configuration(const MigrateRequest& request) {
    const auto survey = migrate::survey_configuration({request.line, request.every_htaccess});
    fmt::print("{}", request.json
                         ? migrate::report_json(survey)
                         : migrate::report_text(survey, request.with_all, style_of_output()));
    return static_cast<int>(migrate::readiness_of(survey));
}

} // namespace

int plan_migration(std::span<char* const> words, bool environment_is_ready) {
    const auto request = parse_migrate_request(words);
    if (!request) {
        fmt::print(stderr, "preforkctl: {}\n{}", request.error().what, migrate_usage);
        return not_possible;
    }
    if (request->help) {
        fmt::print("{}", migrate_usage);
        return 0;
    }
    register_settings();
    if (!request->tree.empty()) return report_on_tree(*request);
    if (const auto text = read_whole_file(*request->line.file); !text)
        return fail(text.error().what);
    if (!environment_is_ready) read_environment_from(request->variables, words);
    return report_on_configuration(*request);
}

} // namespace preforkd
