#include "app/verbs/migrate.h"

#include <fmt/format.h>

#include "app/complete_configuration.h"
#include "app/migrate/comparison.h"
#include "app/migrate/coverage.h"
#include "app/migrate/preview.h"
#include "app/migrate/report.h"
#include "app/migrate/survey.h"
#include "app/migrate/verdict.h"
#include "app/verbs/environment_file.h"
#include "app/verbs/migrate_request.h"
#include "app/verbs/server_command.h"
#include "os/file.h"
#include "os/terminal.h"

namespace preforkd {

namespace {

using migrate::HtaccessSearch;

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
    const auto survey = migrate::survey_configuration(
        {request.line,
         request.every_htaccess ? HtaccessSearch::everywhere : HtaccessSearch::bounded});
    fmt::print("{}", request.json
                         ? migrate::report_json(survey)
                         : migrate::report_text(survey, request.with_all, style_of_output()));
    return static_cast<int>(migrate::readiness_of(survey));
}

// Nothing may be left out of a configuration, so that one with unknown directives is not served. An
// .htaccess file with one is answered with 500.
std::optional<std::string> reason_not_to_serve(const MigrateRequest& request) {
    const auto survey = migrate::survey_configuration({request.line, HtaccessSearch::none});
    if (migrate::readiness_of(survey) != migrate::Readiness::not_yet) return {};
    return fmt::format("{}{}{}\nWithout --preview and --compare, migrate lists what stops it.",
                       migrate::verdict_of(survey), survey.fault.empty() ? "" : "\n", survey.fault);
}

std::string addresses_text(const migrate::FlatConfiguration& flat) {
    std::string text;
    for (const auto& pair : flat.ports.pairs())
        text += fmt::format("  {}://127.0.0.1:{}/    in the place of port {}\n",
                            pair.from == 443 ? "https" : "http", pair.to, pair.from);
    const auto& ports = flat.ports.pairs();
    if (flat.host_names.empty() || ports.empty()) return text;
    text += "\nA virtual host is reached by its name:\n";
    constexpr std::size_t most = 8;
    for (std::size_t i = 0; i < std::min(flat.host_names.size(), most); ++i)
        text += fmt::format("  curl -H 'Host: {}' http://127.0.0.1:{}/\n", flat.host_names[i],
                            ports.front().to);
    return text;
}

int serve_preview(const MigrateRequest& request) {
    if (const auto reason = reason_not_to_serve(request)) return fail(*reason);
    auto preview = migrate::Preview::start(request.line, *request.preview, server_program());
    if (!preview) return fail(preview.error().what);
    const migrate::PageStyle style = style_of_output();
    fmt::print("{}\n\n{}\n{}\n", style.title(fmt::format("preforkd serves {}", *request.line.file)),
               addresses_text(preview->configuration()),
               style.quiet(fmt::format("Its logs are in {}, which goes when it ends: Ctrl-C.",
                                       preview->folder())));
    std::fflush(stdout);
    return preview->wait();
}

Result<migrate::Comparison> compare_by(const migrate::LoggedRequests& requests,
                                       const PageAddress& apache, const MigrateRequest& request,
                                       const migrate::PageStyle& style) {
    constexpr unsigned short first_to_try = 9080, enough = 20;
    const auto port = request.preview ? Result<unsigned short>(*request.preview)
                                      : migrate::find_free_ports(first_to_try, enough);
    if (!port) return port.error();
    auto preview = migrate::Preview::start(request.line, *port, server_program());
    if (!preview) return preview.error();
    return migrate::compare(requests, apache, preview->configuration().ports, style,
                            [&] { return preview->is_over(); });
}

int compare_with_apache(const MigrateRequest& request) {
    const auto apache = parse_page_address(request.against);
    if (!apache) return fail("--against takes a URL as http://127.0.0.1:80");
    constexpr std::size_t enough = 64 * 1024 * 1024;
    const auto log = read_end_of_file(request.access_log, enough);
    if (!log) return fail(log.error().what);
    if (const auto reason = reason_not_to_serve(request)) return fail(*reason);
    const auto requests = migrate::parse_log(*log, request.limit);
    const migrate::PageStyle style = style_of_output();
    fmt::print("{}\n\n", style.title(fmt::format("{} and preforkd, by {}", request.against,
                                                 request.access_log)));
    std::fflush(stdout);
    const auto compared = compare_by(requests, *apache, request, style);
    if (!compared) return fail(compared.error().what);
    const bool alike = compared->differing + compared->unanswered == 0;
    fmt::print("{}{} different GETs of {} lines{}\n\n{}", alike ? "" : "\n",
               requests.different.size(), requests.lines,
               requests.cut ? fmt::format(", as many as --limit {} allows", request.limit) : "",
               compared->summary());
    return alike ? 0 : 1;
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
    if (!request->access_log.empty()) return compare_with_apache(*request);
    if (request->preview) return serve_preview(*request);
    return report_on_configuration(*request);
}

} // namespace preforkd
