#include "modules/server/read_timeout.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "base/text.h"

namespace preforkd {

namespace {

// A number, and nothing after it.
Result<int> parse_number(std::string_view text) {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0) return Error{fmt::format("Value '{}' not numerical", text)};
    if (digits < text.size()) return Error{fmt::format("Cannot parse '{}'", text.substr(digits))};
    const auto number = parse_decimal(text);
    if (!number || *number > std::numeric_limits<int>::max())
        return Error{"Value must be non-negative"};
    return static_cast<int>(*number);
}

std::size_t find_min_rate(std::string_view text) { return lower(text).find(",minrate="); }

} // namespace

Result<RequestReadTimeoutSettings::Stage> parse_read_timeout(std::string_view text) {
    RequestReadTimeoutSettings::Stage stage;
    const auto mark = find_min_rate(text);
    if (mark != std::string_view::npos) {
        const auto rate = parse_number(text.substr(mark + std::string_view(",minrate=").size()));
        if (!rate) return rate.error();
        if (*rate == 0) return Error{"Minimum data rate must be larger than 0"};
        stage.rate = static_cast<std::uint64_t>(*rate);
        text = text.substr(0, mark);
    }
    const auto dash = text.find('-');
    if (dash != std::string_view::npos) {
        if (stage.rate == 0) return Error{"Must set MinRate option if using timeout range"};
        const auto most = parse_number(text.substr(dash + 1));
        if (!most) return most.error();
        stage.most = std::chrono::seconds(*most);
        text = text.substr(0, dash);
    }
    const auto first = parse_number(text);
    if (!first) return first.error();
    stage.first = std::chrono::seconds(*first);
    if (dash != std::string_view::npos && stage.most <= stage.first)
        return Error{"Maximum timeout must be larger than initial timeout"};
    return stage;
}

} // namespace preforkd
