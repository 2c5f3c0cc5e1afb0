// The report over a tree of configuration files for people.
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

#include "app/migrate/module_guide.h"
#include "app/migrate/report.h"
#include "app/migrate/verdict.h"

namespace preforkd::migrate {

namespace {

constexpr std::size_t most_listed = 40;

struct Sum {
    std::size_t files = 0, strict = 0, tolerant = 0, directives = 0, known = 0;

    void add(const FileCoverage& file) {
        ++files;
        strict += file.wholly_accepted(true);
        tolerant += file.wholly_accepted(false);
        directives += file.directives;
        known += file.known;
    }
};

std::string sum_line(std::string_view name, const Sum& sum) {
    return fmt::format("  {:<20}{:>7}{:>11}{:>11}{:>13}{:>11}\n", name, sum.files,
                       share_text(sum.strict, sum.files), share_text(sum.tolerant, sum.files),
                       sum.directives, share_text(sum.known, sum.directives));
}

struct Unknown {
    std::string name;
    std::size_t files = 0, occurrences = 0;
};

// In most files first.
std::vector<Unknown> unknown_names(const TreeCoverage& tree) {
    std::map<std::string, Unknown> by_name;
    for (const FileCoverage& file : tree.files) {
        std::set<std::string_view> here;
        for (const std::string& name : file.strict) {
            Unknown& unknown = by_name[name];
            unknown.name = name;
            ++unknown.occurrences;
            if (here.insert(name).second) ++unknown.files;
        }
    }
    std::vector<Unknown> names;
    for (auto& [name, unknown] : by_name) names.push_back(std::move(unknown));
    std::stable_sort(names.begin(), names.end(),
                     [](const Unknown& a, const Unknown& b) { return a.files > b.files; });
    return names;
}

std::string unknown_text(const TreeCoverage& tree, const PageStyle& style) {
    const auto names = unknown_names(tree);
    if (names.empty()) return {};
    std::string text =
        style.title("Unknown, also in <IfModule>") + "\n\n" +
        style.quiet(fmt::format("  {:<32}{:>7}{:>9}   {}\n", "", "files", "times", "module"));
    for (std::size_t i = 0; i < std::min(names.size(), most_listed); ++i) {
        const Unknown& one = names[i];
        const bool section = one.name.starts_with('<');
        const std::string module = module_of_directive(
            section ? std::string_view(one.name).substr(1, one.name.size() - 2) : one.name);
        text += fmt::format("  {:<32}{:>7}{:>9}   {}\n", one.name, one.files, one.occurrences,
                            module.empty() ? "?" : module);
    }
    if (names.size() > most_listed)
        text += fmt::format("  and {} more (--json lists all)\n", names.size() - most_listed);
    return text + "\n";
}

std::string broken_text(const TreeCoverage& tree, const PageStyle& style) {
    std::string text;
    for (const FileCoverage& file : tree.files)
        if (!file.broken.empty())
            text += fmt::format("  {}\n{}", file.path, wrapped(file.broken, "      "));
    return text.empty() ? text
                        : style.title("Not readable for Apache either") + "\n\n" + text + "\n";
}

} // namespace

std::string tree_text(const std::string& folder, const TreeCoverage& tree, const PageStyle& style) {
    Sum all, htaccess, server;
    for (const FileCoverage& file : tree.files) {
        all.add(file);
        (file.is_htaccess() ? htaccess : server).add(file);
    }
    std::string text = style.title(fmt::format("preforkd and the files below {}", folder)) + "\n\n";
    text += style.quiet(fmt::format("  {:<20}{:>7}{:>11}{:>11}{:>13}{:>11}\n", "", "files",
                                    "strict", "tolerant", "directives", "known"));
    text += sum_line(".htaccess", htaccess) + sum_line("of the server", server);
    text += style.title(sum_line("all", all)) + "\n";
    text +=
        wrapped("strict: every directive of the file is known, also in <IfModule>. tolerant: what "
                "stands in an <IfModule> of a module that is not here is skipped, as in Apache.",
                "  ");
    if (!tree.foreign.empty())
        text += fmt::format("  {} left out, which other programs read.\n",
                            counted(tree.foreign.size(), "file is", "files are"));
    return text + "\n" + broken_text(tree, style) + unknown_text(tree, style) +
           fmt::format("{} of {} are wholly accepted.\n", all.tolerant,
                       counted(all.files, "file", "files"));
}

} // namespace preforkd::migrate
