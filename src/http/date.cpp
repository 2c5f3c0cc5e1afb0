#include "http/date.h"

#include "base/text.h"

namespace preforkd::http {

namespace {

constexpr std::string_view days = "SunMonTueWedThuFriSat";
constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";

void put_two(char* at, int value) {
    at[0] = static_cast<char>('0' + value / 10);
    at[1] = static_cast<char>('0' + value % 10);
}

// Reads a date piece by piece; a piece that does not fit makes the whole invalid.
class DateReader {
  public:
    explicit DateReader(std::string_view text) : rest_(text) {}

    void skip(std::string_view expected) {
        if (!rest_.starts_with(expected)) return fail();
        rest_.remove_prefix(expected.size());
    }
    int number(std::size_t digits) {
        int value = 0;
        if (rest_.size() < digits) return fail(), 0;
        for (char c : rest_.substr(0, digits)) {
            if (!is_digit(c)) return fail(), 0;
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(digits);
        return value;
    }
    // asctime pads with a space.
    int padded_number() {
        if (rest_.starts_with(' ')) return rest_.remove_prefix(1), number(1);
        return number(2);
    }
    int month() {
        const auto name = rest_.substr(0, 3);
        for (int month = 0; month < 12; ++month) {
            if (months.substr(static_cast<std::size_t>(month) * 3, 3) != name) continue;
            rest_.remove_prefix(3);
            return month;
        }
        return fail(), 0;
    }
    void time(std::tm& into) {
        into.tm_hour = number(2);
        skip(":");
        into.tm_min = number(2);
        skip(":");
        into.tm_sec = number(2);
    }
    bool at_end() const { return valid_ && rest_.empty(); }

  private:
    void fail() {
        valid_ = false;
        rest_ = {};
    }
    std::string_view rest_;
    bool valid_ = true;
};

std::optional<std::time_t> to_time(const DateReader& reader, std::tm& parts) {
    if (!reader.at_end() || parts.tm_mday < 1 || parts.tm_mday > 31 || parts.tm_hour > 23 ||
        parts.tm_min > 59 || parts.tm_sec > 60)
        return std::nullopt;
    const std::tm read = parts;
    const auto when = ::timegm(&parts);
    // There is no 30 February; a leap second may lead over the end of a month.
    const bool exists = parts.tm_mon == read.tm_mon || read.tm_sec == 60;
    return exists ? std::optional(when) : std::nullopt;
}

// Sun, 06 Nov 1994 08:49:37 GMT
std::optional<std::time_t> parse_fixdate(std::string_view text) {
    DateReader reader(text);
    std::tm parts{};
    parts.tm_mday = reader.number(2);
    reader.skip(" ");
    parts.tm_mon = reader.month();
    reader.skip(" ");
    parts.tm_year = reader.number(4) - 1900;
    reader.skip(" ");
    reader.time(parts);
    reader.skip(" GMT");
    return to_time(reader, parts);
}

// Sunday, 06-Nov-94 08:49:37 GMT: the year is within fifty of now (RFC 9110 §5.6.7).
std::optional<std::time_t> parse_rfc850(std::string_view text) {
    DateReader reader(text);
    std::tm parts{};
    parts.tm_mday = reader.number(2);
    reader.skip("-");
    parts.tm_mon = reader.month();
    reader.skip("-");
    const int year = reader.number(2);
    reader.skip(" ");
    reader.time(parts);
    reader.skip(" GMT");
    const std::time_t now = ::time(nullptr);
    std::tm today{};
    ::gmtime_r(&now, &today);
    parts.tm_year = today.tm_year / 100 * 100 + year;
    if (parts.tm_year > today.tm_year + 50) parts.tm_year -= 100;
    return to_time(reader, parts);
}

// Sun Nov  6 08:49:37 1994
std::optional<std::time_t> parse_asctime(std::string_view text) {
    DateReader reader(text);
    std::tm parts{};
    parts.tm_mon = reader.month();
    reader.skip(" ");
    parts.tm_mday = reader.padded_number();
    reader.skip(" ");
    reader.time(parts);
    reader.skip(" ");
    parts.tm_year = reader.number(4) - 1900;
    return to_time(reader, parts);
}

} // namespace

std::array<char, 29> format_date(std::time_t when) {
    std::tm parts{};
    ::gmtime_r(&when, &parts);
    std::array<char, 29> text;
    constexpr std::string_view shape = "Sun, 00 Jan 0000 00:00:00 GMT";
    shape.copy(text.data(), text.size());
    days.substr(static_cast<std::size_t>(parts.tm_wday) * 3, 3).copy(text.data(), 3);
    put_two(&text[5], parts.tm_mday);
    months.substr(static_cast<std::size_t>(parts.tm_mon) * 3, 3).copy(&text[8], 3);
    const int year = parts.tm_year + 1900;
    put_two(&text[12], year / 100 % 100);
    put_two(&text[14], year % 100);
    put_two(&text[17], parts.tm_hour);
    put_two(&text[20], parts.tm_min);
    put_two(&text[23], parts.tm_sec);
    return text;
}

std::string_view current_date() {
    static std::time_t second = -1;
    static std::array<char, 29> text;
    if (const std::time_t now = ::time(nullptr); now != second) {
        second = now;
        text = format_date(now);
    }
    return {text.data(), text.size()};
}

std::optional<std::time_t> parse_date(std::string_view text) {
    text = trim(text);
    const auto comma = text.find(", ");
    if (comma == 3) return parse_fixdate(text.substr(5));
    if (comma != std::string_view::npos) return parse_rfc850(text.substr(comma + 2));
    return text.size() > 4 ? parse_asctime(text.substr(4)) : std::nullopt;
}

} // namespace preforkd::http
