#include "app/migrate/page_style.h"

#include <fmt/format.h>

#include "base/text.h"

namespace preforkd::migrate {

std::string PageStyle::painted(std::string_view colour, std::string_view text) const {
    if (!coloured_) return std::string(text);
    return fmt::format("\033[{}m{}\033[0m", colour, text);
}

std::string wrapped(std::string_view text, std::string_view indent, std::size_t width) {
    std::string result, line;
    for (const auto word : split(text, ' ')) {
        if (word.empty()) continue;
        if (!line.empty() && indent.size() + line.size() + 1 + word.size() > width) {
            result += fmt::format("{}{}\n", indent, line);
            line.clear();
        }
        line += line.empty() ? "" : " ";
        line += word;
    }
    return line.empty() ? result : result + fmt::format("{}{}\n", indent, line);
}

std::string counted(std::size_t number, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", number, number == 1 ? one : many);
}

} // namespace preforkd::migrate
