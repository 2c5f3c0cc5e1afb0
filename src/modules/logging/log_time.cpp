#include "modules/logging/log_time.h"

#include <cstring>
#include <ctime>
#include <utility>

namespace preforkd::logging {

namespace {

constexpr std::int64_t micros_per_second = 1'000'000;

// Takes `word` off the front where it stands alone or before a colon.
bool take_prefix(std::string_view& argument, std::string_view word) {
    if (!argument.starts_with(word)) return false;
    const auto rest = argument.substr(word.size());
    if (!rest.empty() && rest.front() != ':') return false;
    argument = rest.empty() ? rest : rest.substr(1);
    return true;
}

TimeFormat::Kind kind_of(std::string_view word) {
    using Kind = TimeFormat::Kind;
    static constexpr std::pair<std::string_view, Kind> words[] = {
        {"", Kind::common},
        {"sec", Kind::seconds},
        {"msec", Kind::milliseconds},
        {"usec", Kind::microseconds},
        {"msec_frac", Kind::millisecond_fraction},
        {"usec_frac", Kind::microsecond_fraction},
    };
    for (const auto& [name, kind] : words)
        if (name == word) return kind;
    return Kind::pattern;
}

std::tm local_time(std::int64_t second) {
    const std::time_t when = second;
    std::tm local{};
    ::localtime_r(&when, &local);
    return local;
}

// A child serves one request at a time: the last second's text is the one that is wanted again.
void append_common(LineBuffer& line, std::int64_t second) {
    static std::int64_t of_second = -1;
    static char text[64];
    static std::size_t size = 0;
    if (second != of_second) {
        const std::tm local = local_time(second);
        size = std::strftime(text, sizeof text, "[%d/%b/%Y:%H:%M:%S %z]", &local);
        of_second = second;
    }
    line.append({text, size});
}

void append_pattern(LineBuffer& line, const std::string& pattern, std::int64_t second) {
    static std::int64_t of_second = -1;
    static std::tm local;
    if (second != of_second) {
        local = local_time(second);
        of_second = second;
    }
    char text[1024];
    line.append({text, std::strftime(text, sizeof text, pattern.c_str(), &local)});
}

} // namespace

TimeFormat parse_time_format(std::string_view argument) {
    TimeFormat format;
    if (!take_prefix(argument, "begin")) format.at_end = take_prefix(argument, "end");
    format.kind = kind_of(argument);
    if (format.kind == TimeFormat::Kind::pattern) format.pattern = argument;
    return format;
}

void append_time(LineBuffer& line, const TimeFormat& format, std::int64_t when) {
    using Kind = TimeFormat::Kind;
    const std::int64_t second = when / micros_per_second;
    const auto fraction = static_cast<unsigned>(when % micros_per_second);
    switch (format.kind) {
    case Kind::common: return append_common(line, second);
    case Kind::seconds: return line.append_number(second);
    case Kind::milliseconds: return line.append_number(when / 1000);
    case Kind::microseconds: return line.append_number(when);
    case Kind::millisecond_fraction: return line.append_padded(fraction / 1000, 3);
    case Kind::microsecond_fraction: return line.append_padded(fraction, 6);
    case Kind::pattern: return append_pattern(line, format.pattern, second);
    }
}

} // namespace preforkd::logging
