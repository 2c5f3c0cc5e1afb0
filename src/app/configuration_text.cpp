#include "app/configuration_text.h"

#include <fmt/format.h>

namespace preforkd {

namespace {

using config::Node;

class Writer {
  public:
    void add(const config::Nodes& nodes, int depth) {
        for (const Node& node : nodes) add(node, depth);
    }
    std::string take() { return std::move(text_); }

  private:
    void add(const Node& node, int depth) {
        tell_file(node);
        const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
        text_ += fmt::format("{}#{:4}:\n", indent, node.place.line);
        if (!node.section) {
            text_ += fmt::format("{}{} {}\n", indent, node.name, node.arguments);
            return;
        }
        text_ += fmt::format("{}<{} {}>\n", indent, node.name, node.arguments);
        add(node.children, depth + 1);
        text_ += fmt::format("{}</{}>\n", indent, node.name);
    }

    void tell_file(const Node& node) {
        if (!node.place.file || *node.place.file == file_) return;
        file_ = *node.place.file;
        text_ += fmt::format("# In file: {}\n", file_);
    }

    std::string file_;
    std::string text_;
};

} // namespace

std::string configuration_text(const config::Nodes& tree) {
    Writer writer;
    writer.add(tree, 0);
    return writer.take();
}

} // namespace preforkd
