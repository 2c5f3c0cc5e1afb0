#include "modules/content/info/configuration_html.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"

namespace preforkd {

namespace {

using config::Node;
using Wanted = std::function<bool(const Node&)>;

class Writer {
  public:
    explicit Writer(const Wanted& is_wanted) : is_wanted_(is_wanted) {}

    void add(const config::Nodes& nodes, int depth) {
        for (const Node& node : nodes)
            if (is_shown(node)) add(node, depth);
    }
    std::string take() { return std::move(html_); }

  private:
    bool is_shown(const Node& node) const {
        if (is_wanted_(node)) return true;
        return std::any_of(node.children.begin(), node.children.end(),
                           [this](const Node& child) { return is_shown(child); });
    }

    void add(const Node& node, int depth) {
        tell_file(node);
        begin_line(fmt::format("{}", node.place.line), depth);
        if (!node.section) {
            html_ += fmt::format("{} <i>{}</i></tt></dd>\n", escape_html(node.name),
                                 escape_html(node.arguments));
            return;
        }
        html_ += fmt::format("&lt;{} {}&gt;</tt></dd>\n", escape_html(node.name),
                             escape_html(node.arguments));
        add(node.children, depth + 1);
        begin_line("", depth);
        html_ += fmt::format("&lt;/{}&gt;</tt></dd>", escape_html(node.name));
    }

    void tell_file(const Node& node) {
        if (!node.place.file || *node.place.file == file_) return;
        file_ = *node.place.file;
        html_ +=
            fmt::format("\n<dd><tt><strong>In file: {}</strong></tt></dd>\n", escape_html(file_));
    }

    // The number of a line stands in four columns.
    void begin_line(const std::string& number, int depth) {
        html_ += "<dd><tt>";
        for (auto left = number.size(); left < 4; ++left) html_ += "&nbsp;";
        html_ += number + ":&nbsp;";
        for (int level = 0; level < depth; ++level) html_ += "&nbsp;&nbsp;";
    }

    const Wanted& is_wanted_;
    std::string file_;
    std::string html_;
};

} // namespace

std::string configuration_html(const config::Nodes& tree, const Wanted& is_wanted) {
    Writer writer(is_wanted);
    writer.add(tree, 0);
    return writer.take();
}

} // namespace preforkd
