// The report of a survey for people.
#include "app/migrate/report.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "app/migrate/module_guide.h"
#include "app/migrate/verdict.h"

namespace preforkd::migrate {

namespace {

// How a report is to be.
struct Manner {
    const PageStyle& style;
    std::size_t most_sites; // that are shown of one directive
};
constexpr std::size_t few_sites = 4;

std::string remark_of(const Occurrence& one) {
    if (one.kind != Kind::unknown) return one.remark;
    const std::string advice = advice_about(one.module);
    return one.module.empty() ? advice : fmt::format("{}: {}", one.module, advice);
}

// Paths below ServerRoot without it.
std::string shortened(const std::string& file, const std::string& root) {
    const std::string folder = root.ends_with('/') ? root : root + "/";
    return file.starts_with(folder) ? file.substr(folder.size()) : file;
}

// "ports.conf:3, :9, sites-enabled/a.conf:2 and 7 more"
std::string sites_text(const std::vector<Site>& sites, const std::string& root,
                       std::size_t most_sites) {
    std::string text;
    const std::string* last = nullptr;
    for (std::size_t i = 0; i < std::min(sites.size(), most_sites); ++i) {
        const bool same = last && *last == sites[i].file;
        text += fmt::format("{}{}:{}", text.empty() ? "" : ", ",
                            same ? std::string() : shortened(sites[i].file, root), sites[i].line);
        last = &sites[i].file;
    }
    if (sites.size() > most_sites) text += fmt::format(" and {} more", sites.size() - most_sites);
    return text;
}

std::string group_text(const Group& group, const std::string& root, const Manner& manner) {
    const std::string indent(35, ' ');
    std::string text = wrapped(group.remark, "  ");
    for (const auto& member : group.members) {
        const auto sites = wrapped(sites_text(member.sites, root, manner.most_sites), indent);
        const std::size_t first = std::min(sites.size() - 1, indent.size());
        text += fmt::format("    {:<30} {}\n", member.name,
                            manner.style.quiet(sites.substr(first, sites.size() - first - 1)));
    }
    return text;
}

Group::Member& member_of(std::vector<Group>& groups, const std::string& remark,
                         const std::string& name) {
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const Group& known) { return known.remark == remark; });
    if (group == groups.end()) group = groups.insert(groups.end(), Group{remark, {}});
    auto& members = group->members;
    const auto member = std::find_if(members.begin(), members.end(),
                                     [&](const auto& known) { return known.name == name; });
    return member != members.end() ? *member : members.emplace_back(Group::Member{name, {}});
}

std::string groups_text(std::string_view title, const std::vector<Group>& groups,
                        const Survey& survey, const Manner& manner) {
    std::string text;
    for (const Group& group : groups) {
        if (!text.empty()) text += '\n';
        text += group_text(group, survey.server_root, manner);
    }
    return text.empty() ? text : fmt::format("{}\n\n{}\n", manner.style.title(title), text);
}

std::string section_text(std::string_view title, const Survey& survey, Kind kind,
                         const Manner& manner) {
    return groups_text(title, groups_of(survey, kind), survey, manner);
}

// LoadModule lines, by what there is to say about the module.
std::string modules_text(const Survey& survey, const Manner& manner) {
    std::vector<Group> groups;
    for (const MissingModule& one : survey.missing_modules) {
        const std::string advice = advice_about(module_of_identifier(one.identifier));
        member_of(groups, advice, one.identifier).sites.push_back(one.site);
    }
    return groups_text("Modules that are loaded and not here", groups, survey, manner);
}

std::string scope_text(const Survey& survey) {
    std::string text =
        fmt::format("{}, {}, {} loaded, {}", counted(survey.files.size(), "file", "files"),
                    counted(survey.hosts, "virtual host", "virtual hosts"),
                    counted(survey.modules, "module", "modules"),
                    counted(survey.htaccess_files.size(), ".htaccess file", ".htaccess files"));
    if (survey.ignored_htaccess > 0)
        text += fmt::format(" ({} more that AllowOverride None leaves unread)",
                            survey.ignored_htaccess);
    return wrapped(text, "  ") + (survey.saw_every_folder
                                      ? ""
                                      : "  (not every folder was looked into; --htaccess does)\n");
}

std::string counts_text(const Survey& survey, const PageStyle& style) {
    struct Row {
        Kind kind;
        std::string_view name, remark;
    };
    constexpr std::array rows{
        Row{Kind::works, "works", "as in Apache"},
        Row{Kind::differs, "differs", "docs/differences.md"},
        Row{Kind::later, "obeyed later", "docs/deferred.md: read and checked, without an effect"},
        Row{Kind::unknown, "unknown", "preforkd does not have it"},
        Row{Kind::refused, "refused", "not with these arguments, or not at this place"},
    };
    std::string text;
    for (const Row& row : rows) {
        const std::size_t count = survey.count(row.kind);
        const std::string line =
            fmt::format("{:<14}{:>7}  {:>7}  {}", row.name, count,
                        share_text(count, survey.occurrences.size()), row.remark);
        const bool stops = row.kind == Kind::unknown || row.kind == Kind::refused;
        text += "  ";
        if (count == 0) text += style.quiet(line);
        else if (row.kind == Kind::works) text += style.good(line);
        else text += stops ? style.bad(line) : style.notable(line);
        text += '\n';
    }
    return text;
}

std::string acceptance_text(const Survey& survey) {
    const Acceptance accepted = acceptance_of(survey);
    return fmt::format("\n  Files that are wholly accepted: {} of {}, {}; also with what stands in "
                       "<IfModule>\n  and is skipped: {}, {}.\n",
                       accepted.tolerant, accepted.files,
                       share_text(accepted.tolerant, accepted.files), accepted.strict,
                       share_text(accepted.strict, accepted.files));
}

std::string verdict_text(const Survey& survey, const PageStyle& style) {
    std::string text;
    if (!survey.fault.empty())
        text += style.title("What stops it") + "\n\n" + wrapped(survey.fault, "  ") + "\n";
    std::string verdict = wrapped(verdict_of(survey), "");
    verdict.pop_back();
    switch (readiness_of(survey)) {
    case Readiness::ready: text += style.good(verdict); break;
    case Readiness::differences: text += style.notable(verdict); break;
    case Readiness::not_yet: text += style.bad(verdict); break;
    }
    return text + "\n" + wrapped(next_step_after(survey), "");
}

} // namespace

std::vector<Group> groups_of(const Survey& survey, Kind kind) {
    std::vector<Group> groups;
    for (const Occurrence& one : survey.occurrences) {
        if (one.kind != kind || (kind == Kind::unknown && one.name == "LoadModule")) continue;
        auto& sites = member_of(groups, remark_of(one), one.name).sites;
        if (sites.empty() || sites.back() != one.site) sites.push_back(one.site);
    }
    return groups;
}

std::string report_text(const Survey& survey, bool with_all, const PageStyle& style) {
    std::string text = style.title(fmt::format("preforkd and {}", survey.file)) + "\n\n";
    text += scope_text(survey) + "\n" + counts_text(survey, style) + acceptance_text(survey) + "\n";
    const Manner manner{style, with_all ? survey.occurrences.size() : few_sites};
    text += modules_text(survey, manner);
    text += section_text("Unknown", survey, Kind::unknown, manner);
    text += section_text("Refused", survey, Kind::refused, manner);
    text += section_text("Differs", survey, Kind::differs, manner);
    text += section_text("Obeyed later", survey, Kind::later, manner);
    if (with_all) text += section_text("Works", survey, Kind::works, manner);
    return text + verdict_text(survey, style);
}

} // namespace preforkd::migrate
