#include "config/syntax_tree.h"

namespace preforkd::config {

std::string Node::name_in_table() const {
    std::string in_table(section ? "<" : "");
    return in_table += name;
}

std::string_view SyntaxTree::keep(std::string_view text) {
    if (text.empty()) return {};
    auto* kept = static_cast<char*>(memory_.allocate(text.size(), 1));
    return {kept, text.copy(kept, text.size())};
}

} // namespace preforkd::config
