#include "app/migrate/coverage.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "app/complete_configuration.h"
#include "app/migrate/module_guide.h"
#include "base/text.h"
#include "config/configuration.h"
#include "config/reading.h"
#include "config/witness.h"
#include "os/file.h"

namespace preforkd::migrate {

namespace {

using config::Directive;
using config::Shape;

// Counts what is obeyed while reading, which every preforkd has.
class Counter final : public config::Witness {
  public:
    void saw(const config::Invocation&, const Status&) override { ++count; }
    void saw_unknown(const config::Node&) override {}
    std::size_t count = 0;
};

Status leave_out(config::Invocation&, config::Arguments) { return {}; }

Status take_content(config::Invocation& invocation, config::Arguments) {
    return invocation.reading->take_content(invocation.node, true);
}

// In the place of the directives that look beyond the file.
constexpr std::array at_home{
    Directive{.name = "Include",
              .shape = Shape::raw,
              .contexts = config::anywhere,
              .apply = leave_out,
              .while_reading = true},
    Directive{.name = "IncludeOptional",
              .shape = Shape::raw,
              .contexts = config::anywhere,
              .apply = leave_out,
              .while_reading = true},
    Directive{.name = "LoadModule",
              .shape = Shape::raw,
              .contexts = config::anywhere,
              .apply = leave_out,
              .while_reading = true},
};
constexpr std::array without_conditions{
    Directive{.name = "<IfModule",
              .shape = Shape::raw,
              .contexts = config::anywhere,
              .apply = take_content,
              .while_reading = true},
    Directive{.name = "<IfDefine",
              .shape = Shape::raw,
              .contexts = config::anywhere,
              .apply = take_content,
              .while_reading = true},
};

struct Names {
    std::size_t known = 0;
    std::vector<std::string> unknown;
};

void sort_names(const config::Nodes& nodes, const config::DirectiveTable& rows, Names& names) {
    for (const auto& node : nodes) {
        const std::string name = node.name_in_table();
        if (rows.find(name)) ++names.known;
        else names.unknown.push_back(name + (node.section ? ">" : ""));
        sort_names(node.children, rows, names);
    }
}

Names read_names(const std::string& path, bool strictly, std::string& broken) {
    config::Configuration configuration;
    configuration.servers.push_back(std::make_unique<config::Server>());
    config::DirectiveTable rows;
    for (const auto& row : at_home) rows.add(row, "mod_so.c");
    if (strictly)
        for (const auto& row : without_conditions) rows.add(row, "core.c");
    const auto modules = module_rows();
    config::Reading reading(configuration, rows, modules);
    for (const auto& module : modules) reading.enable(module);
    Counter counter;
    reading.tell(&counter);
    config::SyntaxTree tree;
    if (auto read = reading.read_file(path, tree); !read) broken = read.error().what;
    Names names;
    sort_names(tree.nodes(), rows, names);
    names.known += counter.count;
    return names;
}

bool has_suffix(std::string_view name) { return name.find('.') != std::string_view::npos; }

// A file of the kernel's has no size, and a disk is longer than any configuration.
bool looks_like_a_configuration(const std::string& path, const std::string& name, off_t size) {
    constexpr off_t longest = 8 * 1024 * 1024;
    if (size == 0 || size > longest) return false;
    if (name == ".htaccess" || name.ends_with(".conf")) return true;
    if (has_suffix(name)) return false;
    const auto text = read_end_of_file(path, static_cast<std::size_t>(size));
    return text && text->find("<VirtualHost") != std::string::npos &&
           text->find('\0') == std::string::npos;
}

// Most of its names are nobody's, or it is XML.
bool is_foreign(const FileCoverage& file) {
    if (!file.broken.empty() && file.known == 0) return true;
    const auto nobodys =
        std::count_if(file.strict.begin(), file.strict.end(), [](const std::string& name) {
            return module_of_directive(name.starts_with('<') ? name.substr(1, name.size() - 2)
                                                             : name)
                .empty();
        });
    return static_cast<std::size_t>(nobodys) * 2 > file.directives;
}

class Search {
  public:
    TreeCoverage found;

    void look_into(const std::string& folder) {
        const auto names = names_in_directory(folder);
        if (!names) return;
        for (const auto& name : *names) {
            struct stat status {};
            const std::string path = folder + (folder.ends_with('/') ? "" : "/") + name;
            if (stat_link(path.c_str(), status) == 0 && S_ISDIR(status.st_mode)) look_into(path);
            else if (stat_path(path.c_str(), status) == 0 && S_ISREG(status.st_mode) &&
                     looks_like_a_configuration(path, name, status.st_size) &&
                     seen_.emplace(status.st_dev, status.st_ino).second)
                take(path);
        }
    }

  private:
    void take(const std::string& path) {
        FileCoverage file = cover_file(path);
        if (is_foreign(file)) found.foreign.push_back(path);
        else if (file.directives > 0 || !file.broken.empty())
            found.files.push_back(std::move(file));
    }
    std::set<std::pair<dev_t, ino_t>>
        seen_; // a site that is enabled is a link to one that is there
};

} // namespace

FileCoverage cover_file(const std::string& path) {
    FileCoverage file;
    file.path = path;
    Names strict = read_names(path, true, file.broken);
    file.known = strict.known;
    file.directives = strict.known + strict.unknown.size();
    file.strict = std::move(strict.unknown);
    file.tolerant = read_names(path, false, file.broken).unknown;
    return file;
}

TreeCoverage cover_tree(const std::string& folder) {
    Search search;
    search.look_into(folder);
    return std::move(search.found);
}

} // namespace preforkd::migrate
