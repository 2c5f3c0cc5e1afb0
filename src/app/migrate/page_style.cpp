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
    const auto end_line = [&] {
        if (!line.empty()) result += fmt::format("{}{}\n", indent, line);
        line.clear();
    };
    for (const auto paragraph : split(text, '\n')) {
        for (const auto word : split(paragraph, ' ')) {
            if (word.empty()) continue;
            const bool fits = indent.size() + line.size() + 1 + word.size() <= width;
            if (!fits) end_line();
            line += line.empty() ? "" : " ";
            line += word;
        }
        end_line();
    }
    return result;
}

std::string counted(std::size_t number, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", number, number == 1 ? one : many);
}

} // namespace preforkd::migrate
