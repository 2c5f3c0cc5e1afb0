#include "modules/server/arguments.h"

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace preforkd {

int leading_integer(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    long long value = 0;
    for (char c : text) {
        if (!is_digit(c)) break;
        value = std::min<long long>(value * 10 + (c - '0'), std::numeric_limits<int>::max());
    }
    return static_cast<int>(negative ? -value : value);
}

std::optional<Duration> parse_duration(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    if (text.starts_with('+')) text.remove_prefix(1);
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (text.empty()) return {};
    const auto number = digits == 0 ? 0 : parse_decimal(text.substr(0, digits));
    constexpr long long most = 1'000'000'000;
    if (!number || *number > most) return {};
    const std::string_view unit = text.substr(digits);
    if (unit.empty() || unit[0] == 's' || unit[0] == 'S') return std::chrono::seconds(*number);
    if (unit[0] == 'h' || unit[0] == 'H') return std::chrono::hours(*number);
    if (unit.starts_with("ms")) return std::chrono::milliseconds(*number);
    if (unit.starts_with("mi")) return std::chrono::minutes(*number);
    return {};
}

std::optional<std::size_t> parse_size(std::string_view text) {
    constexpr std::string_view units = "KMG";
    int shift = 0;
    const auto unit = text.empty() ? units.npos : units.find(to_upper(text.back()));
    if (unit != units.npos) {
        shift = 10 * (static_cast<int>(unit) + 1);
        text.remove_suffix(1);
    }
    const auto number = parse_decimal(text);
    if (!number || *number < 0 || *number > std::numeric_limits<long long>::max() >> shift)
        return {};
    return static_cast<std::size_t>(*number) << shift;
}

std::optional<std::int64_t> seconds_of_unit(std::string_view word) {
    struct Unit {
        std::string_view letters;
        std::int64_t seconds;
    };
    static constexpr Unit units[] = {
        {"y", 60 * 60 * 24 * 365},
        {"mo", 60 * 60 * 24 * 30},
        {"w", 60 * 60 * 24 * 7},
        {"d", 60 * 60 * 24},
        {"h", 60 * 60},
        {"mi", 60},
        {"s", 1},
    };
    for (const auto& unit : units)
        if (istarts_with(word, unit.letters)) return unit.seconds;
    return std::nullopt;
}

std::string_view take_word(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    const auto word = text.substr(0, text.find_first_of(" \t"));
    text.remove_prefix(word.size());
    return word;
}

std::optional<bool> parse_on_off(std::string_view text) {
    if (iequals(text, "on")) return true;
    if (iequals(text, "off")) return false;
    return {};
}

Status accept_on_off(config::Invocation&, config::Arguments arguments) {
    if (!parse_on_off(arguments[0])) return Error{"parameter must be 'on' or 'off'"};
    return {};
}

} // namespace preforkd
