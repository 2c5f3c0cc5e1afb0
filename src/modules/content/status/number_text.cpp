#include "modules/content/status/number_text.h"

#include <ctime>
#include <fmt/format.h>

namespace preforkd::status {

namespace {

constexpr std::uint64_t kilobyte = 1024;
constexpr std::uint64_t megabyte = kilobyte * kilobyte;
constexpr std::uint64_t gigabyte = kilobyte * megabyte;

std::string quotient(std::uint64_t number, std::uint64_t unit, const char* name) {
    return fmt::format("{:.1f} {}", static_cast<float>(number) / static_cast<float>(unit), name);
}

} // namespace

std::string number_text(double number, int digits) {
    std::string text = fmt::format("{:.{}g}", number, digits);
    if (text.starts_with("0.")) text.erase(0, 1);
    return text;
}

std::string bytes_text(std::uint64_t bytes) {
    if (bytes < 5 * kilobyte) return fmt::format("{} B", bytes);
    if (bytes < megabyte / 2) return quotient(bytes, kilobyte, "kB");
    if (bytes < gigabyte / 2) return quotient(bytes, megabyte, "MB");
    return quotient(bytes, gigabyte, "GB");
}

std::string kilobytes_text(std::uint64_t kilobytes) {
    if (kilobytes < kilobyte) return fmt::format("{} kB", kilobytes);
    if (kilobytes < megabyte) return quotient(kilobytes, kilobyte, "MB");
    return quotient(kilobytes, megabyte, "GB");
}

std::string uptime_text(std::int64_t seconds) {
    struct Unit {
        std::int64_t seconds;
        const char* name;
    };
    constexpr Unit units[] = {{86'400, "day"}, {3'600, "hour"}, {60, "minute"}, {1, "second"}};
    std::string text;
    for (const auto& unit : units) {
        const auto count = seconds / unit.seconds;
        seconds %= unit.seconds;
        if (count > 0) text += fmt::format(" {} {}{}", count, unit.name, count == 1 ? "" : "s");
    }
    return text;
}

std::string time_text(std::int64_t second) {
    const std::time_t when = second;
    std::tm local{};
    ::localtime_r(&when, &local);
    char text[96];
    return {text, std::strftime(text, sizeof text, "%A, %d-%b-%Y %H:%M:%S %Z", &local)};
}

} // namespace preforkd::status
