// The words in which a configuration error is reported: Apache's.
#include <fmt/format.h>

#include "base/product.h"
#include "config/syntax_tree.h"

namespace preforkd::config {

namespace {

// As Apache's error log writes what somebody else chose.
std::string escaped(std::string_view text) {
    constexpr std::string_view special = "\b\n\r\t\v\\";
    constexpr std::string_view letters = "bnrtv\\";
    std::string result;
    for (char c : text) {
        if (const auto place = special.find(c); place != std::string_view::npos)
            (result += '\\') += letters[place];
        else if (c < ' ' || c > '~')
            result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        else result += c;
    }
    return result;
}

} // namespace

std::string ConfigError::text() const {
    if (!place.file)
        return while_reading ? fmt::format("{}: {}", product::name, escaped(message)) : message;
    const std::string file = escaped(*place.file);
    if (while_reading)
        return fmt::format("{}: Syntax error on line {} of {}: {}", product::name, place.line, file,
                           escaped(message));
    return fmt::format("AH00526: Syntax error on line {} of {}:\n{}{}{}", place.line, file,
                       escaped(message), advice.empty() ? "" : "\n", advice);
}

} // namespace preforkd::config
