#include "config/reading.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <utility>

#include "base/text.h"
#include "config/apply.h"
#include "config/variables.h"
#include "config/witness.h"
#include "config/words.h"
#include "os/file.h"

namespace preforkd::config {

namespace {

constexpr std::size_t deepest_include = 128;
constexpr std::size_t deepest_section = 200; // reading, applying and merging call themselves

// What stands before the last '>' belongs to the section.
void take_bracket(Node& node) {
    const auto bracket = node.arguments.rfind('>');
    node.has_bracket = bracket != std::string::npos;
    node.arguments = trim(node.arguments.substr(0, bracket));
}

// A folder or a pipe, say.
bool is_something_else(const std::string& path) {
    struct stat status;
    return stat_path(path.c_str(), status) == 0 && !S_ISREG(status.st_mode) && path != "/dev/null";
}

std::string first_word(std::string_view line) { return next_word(line); }

} // namespace

Reading::Reading(Configuration& configuration, DirectiveTable& rows,
                 std::span<const ModuleRows> modules, LoadModule load)
    : configuration_(configuration), rows_(rows), modules_(modules), load_(std::move(load)) {
    const auto* served = configuration.served;
    if (served && served->macros) macros_ = *served->macros;
}

Status Reading::read_file(const std::string& path, SyntaxTree& tree) {
    auto text =
        is_something_else(path) ? Result<std::string>(refuse_to_read(path)) : read_whole_file(path);
    if (!text)
        return Error{fmt::format("Could not open configuration file {}: {}", path,
                                 std::strerror(text.error().code)),
                     text.error().code};
    return read_text(LineReader(path, std::move(*text)), tree);
}

Error Reading::refuse_to_read(const std::string& path) {
    configuration_.warnings.push_back(
        {.text =
             fmt::format("AH00554: Access to file {} denied by server: not a regular file", path),
         .level = log::Level::error,
         .of_no_server = true});
    return Error{"not a regular file", EBADF};
}

Status Reading::read_text(LineReader lines, SyntaxTree& tree) {
    std::vector<LineReader> texts;
    texts.push_back(std::move(lines));
    auto* outer_texts = std::exchange(texts_, &texts);
    auto* outer_tree = std::exchange(tree_, &tree);
    auto* outer_nodes = outer_tree == &tree ? nodes_ : std::exchange(nodes_, &tree.nodes());
    const auto outside = std::exchange(opened_outside_, open_.size());
    auto read = read_block(open_.size());
    if (!read) open_.resize(opened_outside_); // somebody may go on elsewhere
    opened_outside_ = outside;
    texts_ = outer_texts;
    tree_ = outer_tree;
    nodes_ = outer_nodes;
    return read;
}

Result<bool> Reading::next_line() {
    for (;;) {
        auto more = texts_->back().next();
        if (!more || *more || texts_->size() == 1) return more;
        texts_->pop_back();
    }
}

// Reads to the end of the text, or, in a section, to its end.
Status Reading::read_block(std::size_t depth) {
    bool closed = false;
    while (!closed) {
        auto more = next_line();
        Status read = more ? Status() : Status(more.error());
        if (more && !*more) return depth < open_.size() ? check_all_closed() : Status();
        if (read) read = read_line(line(), closed);
        if (read) continue;
        if (!failed_at_) failed_at_ = place();
        return read;
    }
    return {};
}

Status Reading::read_line(std::string_view line, bool& closed) {
    if (line.empty() || line.front() == '#') return {};
    std::string_view rest = tree_->keep(replace_variables(line));
    std::string word = next_word(rest);
    if (word.starts_with("</")) {
        closed = true;
        return close(word);
    }
    Node node{.name = {}, .arguments = rest, .place = place(), .children = tree_->no_nodes()};
    if (word.size() > 1 && word.ends_with('>')) {
        word.pop_back();
        if (word.starts_with('<')) node.arguments = ">";
    }
    node.section = word.starts_with('<');
    node.name = tree_->keep(std::string_view(word).substr(node.section ? 1 : 0));
    if (node.section) take_bracket(node);

    const auto* row = rows_.find(word);
    if (row && row->directive->while_reading) return obey(*row->directive, node);
    if (node.section) return read_section(std::move(node));
    nodes_->push_back(std::move(node));
    return {};
}

// The end of a condition is all that its line says.
Status Reading::close(std::string_view written) {
    const std::string name(written.substr(2));
    const Error unmatched{fmt::format("</{0} without matching <{0} section", name)};
    if (open_.size() == opened_outside_) return unmatched;
    const Open& open = open_.back();
    if (open.obeyed_at_once) return iequals(line(), "</" + open.name + ">") ? Status() : unmatched;
    if (!name.ends_with('>'))
        return Error{fmt::format("</{}> directive missing closing '>'", name)};
    if (iequals(open.name + ">", name)) return {};
    return Error{fmt::format("Expected </{}> but saw </{}", open.name, name)};
}

// At the end of a file. Apache lets it end a condition, and every section that began in it.
Status Reading::check_all_closed() {
    std::string message;
    for (auto i = open_.size(); i > opened_outside_; --i) {
        const Open& open = open_[i - 1];
        if (open.obeyed_at_once) return {};
        message += fmt::format("{}{}:{}: <{}> was not closed.", message.empty() ? "" : "\n",
                               *open.place.file, open.place.line, open.name);
    }
    failed_at_ = open_[opened_outside_].place;
    return Error{std::move(message)};
}

Status Reading::open_section(const Node& section, bool obeyed_at_once) {
    if (open_.size() == deepest_section)
        return Error{fmt::format("<{}> stands in {} other sections, and that is as deep as they "
                                 "may be nested",
                                 section.name, deepest_section)};
    open_.push_back({std::string(section.name), section.place, obeyed_at_once});
    return {};
}

Status Reading::read_section(Node node) {
    const auto depth = open_.size();
    if (auto opened = open_section(node, false); !opened) return opened;
    auto* outer = std::exchange(nodes_, &node.children);
    auto read = read_block(depth);
    nodes_ = outer;
    if (!read) return read;
    open_.pop_back();
    nodes_->push_back(std::move(node));
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
        if (auto allowed = check_context(invocation); !allowed) return told(invocation, allowed);
    }
    auto obeyed = told(invocation, invoke(invocation));
    if (!obeyed && !failed_at_) failed_at_ = node.place;
    return obeyed;
}

// Where its content is broken, nobody knows how to go on.
Status Reading::told(const Invocation& invocation, Status outcome) {
    if (!witness_) return outcome;
    witness_->saw(invocation, outcome);
    return failed_at_ ? outcome : Status();
}

Status Reading::take_content(const Node& section, bool wanted) {
    if (!wanted) return skip(section);
    const auto depth = open_.size();
    if (auto opened = open_section(section, true); !opened) return opened;
    if (auto read = read_block(depth); !read) return read;
    open_.pop_back();
    return {};
}

// What stands in it may be anything, but sections have to be closed in the right order.
Status Reading::skip(const Node& section) {
    std::vector<std::string> open{std::string(section.name)};
    while (!open.empty()) {
        auto more = next_line();
        if (!more) return more.error();
        if (!*more)
            return Error{fmt::format("Expected </{}> before end of configuration", open.back())};
        std::string word = first_word(line());
        if (word.starts_with("</")) {
            const auto name = std::string_view(word).substr(2, word.size() - 3);
            if (!iequals(name, open.back()))
                return Error{fmt::format("Expected </{}> but saw </{}>", open.back(), name)};
            open.pop_back();
        } else if (word.starts_with('<')) {
            if (word.ends_with('>')) word.pop_back();
            open.push_back(word.substr(1));
        }
    }
    return {};
}

Status Reading::include(const std::string& path) {
    if (depth_ == deepest_include)
        return Error{fmt::format("Exceeded the maximum include depth of {} at {}. There is a file "
                                 "that includes itself.",
                                 deepest_include, path)};
    configuration_.included_files.push_back(
        fmt::format("{:{}}({}) {}", "", 4 + 2 * depth_, place().line, path));
    ++depth_;
    auto read = read_file(path, *tree_);
    --depth_;
    return seen_from_here(std::move(read));
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

std::string Reading::replace_variables(std::string_view text) {
    std::vector<std::string> undefined;
    auto replaced = config::replace_variables(text, configuration_, undefined);
    for (const auto& name : undefined)
        if (!rules_)
            configuration_.warnings.push_back(
                {.text = fmt::format("AH00111: Config variable ${{{}}} is not defined", name),
                 .of_no_server = true});
    return replaced;
}

} // namespace preforkd::config
