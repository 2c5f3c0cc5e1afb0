#include "app/migrate/verdict.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "app/migrate/coverage.h"
#include "app/migrate/page_style.h"
#include "os/identity.h"

namespace preforkd::migrate {

namespace {

// "1 module is missing, 3 directives are unknown"
std::string obstacles_of(const Survey& survey) {
    const std::size_t missing = survey.missing_modules.size();
    const std::size_t unknown = survey.count(Kind::unknown) - missing;
    const std::size_t refused = survey.count(Kind::refused);
    std::string text;
    const auto add = [&](std::size_t number, std::string_view one, std::string_view many) {
        if (number > 0)
            text += fmt::format("{}{}", text.empty() ? "" : ", ", counted(number, one, many));
    };
    add(missing, "module is not here", "modules are not here");
    add(unknown, "directive is unknown", "directives are unknown");
    add(refused, "directive is refused", "directives are refused");
    return text;
}

bool concerns_htaccess_alone(const Survey& survey) {
    const std::set<std::string> files(survey.htaccess_files.begin(), survey.htaccess_files.end());
    return std::all_of(
        survey.occurrences.begin(), survey.occurrences.end(), [&](const Occurrence& one) {
            const bool stops = one.kind == Kind::unknown || one.kind == Kind::refused;
            return !stops || files.contains(one.site.file);
        });
}

} // namespace

Readiness readiness_of(const Survey& survey) {
    const bool accepted = survey.count(Kind::unknown) + survey.count(Kind::refused) == 0;
    if (!accepted || !survey.fault.empty()) return Readiness::not_yet;
    const bool alike = survey.count(Kind::differs) + survey.count(Kind::later) == 0;
    return alike ? Readiness::ready : Readiness::differences;
}

std::string_view name_of(Readiness readiness) {
    switch (readiness) {
    case Readiness::ready: return "ready";
    case Readiness::differences: return "differences";
    case Readiness::not_yet: return "not yet";
    }
    return {};
}

std::string verdict_of(const Survey& survey) {
    const std::size_t differs = survey.count(Kind::differs), later = survey.count(Kind::later);
    switch (readiness_of(survey)) {
    case Readiness::ready: return "Ready: preforkd serves this configuration as it stands.";
    case Readiness::differences:
        if (later == 0)
            return fmt::format("Ready, with {} to read: preforkd starts with this configuration.",
                               counted(differs, "difference", "differences"));
        return fmt::format("preforkd starts with this configuration, but {} not obeyed yet{}.",
                           counted(later, "directive is", "directives are"),
                           differs == 0
                               ? ""
                               : fmt::format(", and {} to read",
                                             counted(differs, "difference is", "differences are")));
    case Readiness::not_yet:
        if (const auto obstacles = obstacles_of(survey); !obstacles.empty())
            return fmt::format("Not yet: {}, and {}.", obstacles,
                               concerns_htaccess_alone(survey)
                                   ? "a request that meets one is answered with 500"
                                   : "preforkd would not start");
        return "Not yet: preforkd would not start with it.";
    }
    return {};
}

std::string next_step_after(const Survey& survey) {
    const bool only_modules = !survey.missing_modules.empty() && survey.fault.empty() &&
                              survey.count(Kind::refused) == 0 &&
                              survey.count(Kind::unknown) == survey.missing_modules.size();
    if (only_modules)
        return "Nothing uses the modules that are not here by a directive: without their "
               "LoadModule "
               "lines (a2dismod) preforkd starts.";
    switch (readiness_of(survey)) {
    case Readiness::ready:
        return "Next: --preview PORT serves it beside Apache, --compare ACCESS_LOG compares the "
               "two.";
    case Readiness::differences:
        return "Next: read the lines above, then --preview PORT serves it beside Apache, and "
               "--compare ACCESS_LOG compares the two.";
    case Readiness::not_yet:
        if (survey.count(Kind::refused) > 0 && !is_superuser())
            return "Next: run this as root, since not everything may be looked at by others; then "
                   "do without what is listed, or stay with Apache.";
        return "Next: do without what is listed, or stay with Apache until preforkd has it.";
    }
    return {};
}

Acceptance acceptance_of(const Survey& survey) {
    std::set<std::string> spoilt;
    for (const Occurrence& one : survey.occurrences)
        if (one.kind == Kind::unknown || one.kind == Kind::refused) spoilt.insert(one.site.file);
    Acceptance acceptance;
    for (const auto* files : {&survey.files, &survey.htaccess_files})
        for (const std::string& file : *files) {
            const FileCoverage alone = cover_file(file);
            const bool whole = !spoilt.contains(file) && alone.broken.empty();
            ++acceptance.files;
            acceptance.tolerant += whole;
            acceptance.strict += whole && alone.wholly_accepted(true);
        }
    return acceptance;
}

std::string share_text(std::size_t part, std::size_t whole) {
    if (part == 0) return "0 %";
    const double share = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
    if (part == whole) return "100 %";
    return fmt::format("{:.1f} %", share > 99.9 ? 99.9 : share);
}

} // namespace preforkd::migrate
