#include "modules/connection/ssl/cache_choice.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "base/text.h"

namespace preforkd::ssl {

namespace {

using config::Configuration;

constexpr long long least_size = 8192;
constexpr long long most_size = 4294967295;

bool has_shared_memory(const Configuration& configuration) {
    return configuration.has_module("socache_shmcb_module");
}

// "512000" as strtoul reads it: nothing is 0, a sign may stand in front. Less than nothing and too
// much are the same to Apache.
std::optional<long long> parse_size(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    if (text.find_first_not_of("0123456789") != text.npos) return {};
    if (text.empty()) return 0;
    return negative ? most_size : parse_decimal(text).value_or(most_size);
}

// "/path(512000)". The path is for systems without memory that is shared without one.
Result<CacheChoice> parse_shared_memory(std::string_view text) {
    CacheChoice choice{CacheChoice::Kind::shared_memory};
    const auto opening = text.rfind('(');
    if (opening == text.npos) {
        if (text.ends_with(')')) return Error{"Invalid argument: no opening parenthesis"};
        return choice;
    }
    if (!text.ends_with(')'))
        return Error{"Invalid argument: no closing parenthesis or cache size missing after "
                     "pathname with parenthesis"};
    const auto size = parse_size(text.substr(opening + 1, text.size() - opening - 2));
    if (!size) return Error{"Invalid argument: cache size not numerical"};
    if (*size < least_size)
        return Error{fmt::format("Invalid argument: size has to be >= {} bytes", least_size)};
    if (*size >= most_size)
        return Error{
            fmt::format("Invalid argument: size has to be < {} bytes on this platform", most_size)};
    choice.size = static_cast<std::size_t>(*size);
    return choice;
}

// `what` and `stop`, the mark behind each sentence, are for the text of an error.
Result<CacheChoice> parse_cache(const Configuration& configuration, std::string_view text,
                                std::string_view what, std::string_view stop) {
    const auto colon = std::min(text.find(':'), text.size());
    const auto name = text.substr(0, colon);
    const bool shared = has_shared_memory(configuration);
    if (shared && (name == "shmcb" || name == "default"))
        return parse_shared_memory(text.substr(std::min(colon + 1, text.size())));
    return Error{fmt::format("'{0}' {1} cache not supported (known names: {2}){3} Maybe you need "
                             "to load the appropriate socache module (mod_socache_{0}?){3}",
                             name, what, shared ? "default,shmcb" : "", stop)};
}

} // namespace

Result<CacheChoice> parse_session_cache(const Configuration& configuration,
                                        const std::string& text) {
    if (iequals(text, "none")) return CacheChoice{};
    if (iequals(text, "nonenotnull")) return CacheChoice{CacheChoice::Kind::non_zero_id};
    return parse_cache(configuration, text, "session", ".");
}

Result<CacheChoice> parse_stapling_cache(const Configuration& configuration,
                                         const std::string& text) {
    return parse_cache(configuration, text, "stapling", "");
}

} // namespace preforkd::ssl
