#include "config/reading.h"

#include <fmt/format.h>
#include <utility>

#include "base/text.h"
#include "config/apply.h"
#include "config/variables.h"
#include "config/words.h"
#include "os/file.h"

namespace preforkd::config {

namespace {

constexpr std::size_t deepest_include = 128;

// "<Name" and the rest, whether or not a space stands before '>'.
std::string section_name(std::string& word, std::string& arguments) {
    if (word.ends_with('>')) {
        word.pop_back();
        arguments = ">";
    }
    return word.substr(1);
}

// What stands before the last '>' belongs to the section.
void take_bracket(Node& node) {
    const auto bracket = node.arguments.rfind('>');
    node.has_bracket = bracket != std::string::npos;
    node.arguments = std::string(trim(std::string_view(node.arguments).substr(0, bracket)));
}

std::string closed_name(std::string_view written) {
    written.remove_prefix(2);
    if (written.ends_with('>')) written.remove_suffix(1);
    return std::string(written);
}

std::string first_word(std::string_view line) { return next_word(line); }

} // namespace

Reading::Reading(Configuration& configuration, DirectiveTable& rows,
                 std::span<const ModuleRows> modules)
    : configuration_(configuration), rows_(rows), modules_(modules) {}

Status Reading::read_file(const std::string& path, std::vector<Node>& tree) {
    auto text = read_whole_file(path);
    if (!text) {
        const auto colon = text.error().what.rfind(": ");
        return Error{fmt::format("Could not open configuration file {}{}", path,
                                 text.error().what.substr(colon)),
                     text.error().code};
    }
    return read_text(LineReader(path, std::move(*text)), tree);
}

Status Reading::read_text(LineReader lines, std::vector<Node>& tree) {
    auto* outer_lines = std::exchange(lines_, &lines);
    auto* outer_tree = std::exchange(tree_, &tree);
    auto read = read_block(open_.size());
    if (!read && !failed_at_) failed_at_ = lines.place();
    lines_ = outer_lines;
    tree_ = outer_tree;
    return read;
}

// Reads to the end of the text, or, in a section, to its end.
Status Reading::read_block(std::size_t depth) {
    const bool in_section = depth < open_.size();
    for (;;) {
        auto more = lines_->next();
        if (!more) return more.error();
        if (!*more) break;
        bool closed = false;
        if (auto read = read_line(lines_->line(), closed); !read) return read;
        if (closed) return {};
    }
    if (!in_section) return {};
    const Open& open = open_.back();
    if (open.obeyed_at_once)
        return Error{fmt::format("Expected </{}> before end of configuration", open.name)};
    return fail_at(open.place, fmt::format("{}:{}: <{}> was not closed.", *open.place.file,
                                           open.place.line, open.name));
}

Status Reading::read_line(std::string_view line, bool& closed) {
    if (line.empty() || line.front() == '#') return {};
    std::string word = next_word(line);
    if (word.starts_with("</")) {
        closed = true;
        return close(word);
    }
    Node node;
    node.place = lines_->place();
    node.arguments = replace_variables(line);
    node.section = word.starts_with('<');
    node.name = node.section ? section_name(word, node.arguments) : word;
    if (node.section) take_bracket(node);

    const auto* row = rows_.find(word);
    if (row && row->directive->while_reading) return obey(*row->directive, node);
    if (node.section) return read_section(std::move(node));
    tree_->push_back(std::move(node));
    return {};
}

Status Reading::close(std::string_view written) {
    const std::string name = closed_name(written);
    if (open_.empty() || *open_.back().place.file != lines_->name())
        return Error{fmt::format("</{0}> without matching <{0}> section", name)};
    const Open& open = open_.back();
    if (iequals(open.name, name)) return {};
    if (open.obeyed_at_once)
        return Error{fmt::format("</{0}> without matching <{0}> section", name)};
    return Error{fmt::format("Expected </{}> but saw </{}>", open.name, name)};
}

Status Reading::read_section(Node node) {
    const auto depth = open_.size();
    open_.push_back({node.name, node.place, false});
    auto* outer = std::exchange(tree_, &node.children);
    auto read = read_block(depth);
    tree_ = outer;
    if (!read) return read;
    open_.pop_back();
    tree_->push_back(std::move(node));
    return {};
}

Status Reading::obey(const Directive& directive, Node& node) {
    Server& main = configuration_.main_server();
    Invocation invocation{
        .directive = directive,
        .node = node,
        .configuration = configuration_,
        .server = main,
        .settings = main.directory_settings,
        .section = nullptr,
        .table = rows_,
        .context = rules_ ? htaccess : server_config,
        .reading = this,
    };
    if (rules_) {
        invocation.in_htaccess = true;
        invocation.overrides = rules_->overrides;
        invocation.allowed_names = rules_->directives;
        if (auto allowed = check_context(invocation); !allowed) return allowed;
    }
    return invoke(invocation);
}

Status Reading::take_content(const Node& section, bool wanted) {
    if (!wanted) {
        auto skipped = take_lines(section);
        return skipped ? Status() : Status(skipped.error());
    }
    const auto depth = open_.size();
    open_.push_back({section.name, section.place, true});
    if (auto read = read_block(depth); !read) return read;
    open_.pop_back();
    return {};
}

// Sections of the same name may stand in it; others are nobody's business.
Result<std::vector<std::string>> Reading::take_lines(const Node& section) {
    std::vector<std::string> taken;
    for (int depth = 1;;) {
        auto more = lines_->next();
        if (!more) return more.error();
        if (!*more)
            return Error{fmt::format("Expected </{}> before end of configuration", section.name)};
        const std::string word = first_word(lines_->line());
        if (word.starts_with("</") && iequals(closed_name(word), section.name)) --depth;
        else if (word.starts_with('<') && (iequals(word, "<" + section.name) ||
                                           iequals(word, "<" + section.name + ">")))
            ++depth;
        if (depth == 0) return taken;
        taken.push_back(lines_->line());
    }
}

Status Reading::include(const std::string& path) {
    if (depth_ == deepest_include)
        return Error{fmt::format("Exceeded the maximum include depth of {} at {}. There is a file "
                                 "that includes itself.",
                                 deepest_include, path)};
    configuration_.included_files.push_back(
        fmt::format("{:{}}({}) {}", "", 4 + 2 * depth_, lines_->place().line, path));
    ++depth_;
    auto read = read_file(path, *tree_);
    --depth_;
    return seen_from_here(std::move(read));
}

Status Reading::insert(LineReader lines) {
    return seen_from_here(read_text(std::move(lines), *tree_));
}

// A mistake in a text that was included is one of the line that included it, too.
Status Reading::seen_from_here(Status read) {
    if (read || !failed_at_) return read;
    const Place inner = *std::exchange(failed_at_, std::nullopt);
    return Error{fmt::format("Syntax error on line {} of {}: {}", inner.line, *inner.file,
                             read.error().what)};
}

void Reading::enable(const ModuleRows& module) {
    configuration_.module_names.emplace_back(module.identifier);
    configuration_.module_names.emplace_back(module.source);
    for (const auto& row : module.directives) rows_.add(row, module.source);
}

Error Reading::fail_at(const Place& place, std::string message) {
    failed_at_ = place;
    return Error{std::move(message)};
}

std::string Reading::replace_variables(std::string_view text) {
    std::vector<std::string> undefined;
    auto replaced = config::replace_variables(text, configuration_, undefined);
    for (const auto& name : undefined)
        if (!rules_)
            configuration_.warnings.push_back(
                fmt::format("AH00111: Config variable ${{{}}} is not defined", name));
    return replaced;
}

} // namespace preforkd::config
