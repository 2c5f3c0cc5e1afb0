#include "http/date.h"

#include <gtest/gtest.h>
#include <string>

namespace preforkd::http {

namespace {

constexpr std::time_t example = 784111777; // RFC 9110 §5.6.7

std::string formatted(std::time_t when) {
    const auto text = format_date(when);
    return {text.data(), text.size()};
}

TEST(Date, IsWrittenInThePreferredForm) {
    EXPECT_EQ(formatted(example), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(formatted(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(formatted(951782400), "Tue, 29 Feb 2000 00:00:00 GMT");
}

TEST(Date, IsReadInAllThreeForms) {
    EXPECT_EQ(parse_date("Sun, 06 Nov 1994 08:49:37 GMT"), example);
    EXPECT_EQ(parse_date("Sunday, 06-Nov-94 08:49:37 GMT"), example);
    EXPECT_EQ(parse_date("Sun Nov  6 08:49:37 1994"), example);
    EXPECT_EQ(parse_date("Wed Nov 16 08:49:37 1994"), example + 10 * 86400);
}

TEST(Date, IsReadAsItIsWritten) {
    for (std::time_t when = 0; when < 4'000'000'000; when += 86'399 * 97)
        ASSERT_EQ(parse_date(formatted(when)), when);
}

TEST(Date, MayStandInWhiteSpace) {
    EXPECT_EQ(parse_date("  Sun, 06 Nov 1994 08:49:37 GMT\t"), example);
}

// RFC 9110 §5.6.7
TEST(Date, WithATwoDigitYearIsWithinFiftyYears) {
    const std::time_t now = ::time(nullptr);
    std::tm today{};
    ::gmtime_r(&now, &today);
    for (const int distance : {-49, -1, 0, 1, 49}) {
        const int year = today.tm_year + 1900 + distance;
        const auto short_year = std::to_string(100 + year % 100).substr(1);
        const auto read = parse_date("Sunday, 06-Nov-" + short_year + " 08:49:37 GMT");
        const auto whole = parse_date("Sun, 06 Nov " + std::to_string(year) + " 08:49:37 GMT");
        ASSERT_TRUE(read && whole);
        EXPECT_EQ(*read, *whole) << year;
    }
}

TEST(Date, InAnyOtherFormIsNone) {
    for (const std::string_view text : {"",
                                        " ",
                                        "now",
                                        "784111777",
                                        "Sun, 06 Nov 1994",
                                        "Sun, 06 Nov 1994 08:49:37",
                                        "Sun, 06 Nov 1994 08:49:37 GMT;",
                                        "Sun, 06 Nov 1994 08:49:37 UTCC",
                                        "Sun, 06 Nov 94 08:49:37 GMT",
                                        "Sun, 06 Nix 1994 08:49:37 GMT",
                                        "Sun, 06 Nov 1994 08-49-37 GMT",
                                        "Sun, 06 Nov 1994 8:49:37 GMT",
                                        "Sunday, 06-Nov-1994 08:49:37 GMT",
                                        "Sun Nov 6 08:49:37",
                                        "1994-11-06T08:49:37Z",
                                        "Sun,",
                                        "Sun, ",
                                        "Sun, 06",
                                        "Sunday, ",
                                        "Sun Nov"})
        EXPECT_FALSE(parse_date(text)) << text;
}

TEST(Date, OutOfRangeIsNone) {
    for (const std::string_view text :
         {"Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 32 Nov 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
          "Sun, 06 Nov 1994 08:49:99 GMT", "Sun, -6 Nov 1994 08:49:37 GMT",
          "Wed, 30 Feb 1994 08:49:37 GMT", "Thu, 31 Nov 1994 08:49:37 GMT"})
        EXPECT_FALSE(parse_date(text)) << text;
}

TEST(Date, MayBeALeapSecond) {
    EXPECT_EQ(parse_date("Sat, 31 Dec 2016 23:59:60 GMT"),
              parse_date("Sun, 01 Jan 2017 00:00:00 GMT"));
}

TEST(Date, OfNowIsNow) {
    const auto before = ::time(nullptr);
    const auto read = parse_date(current_date());
    ASSERT_TRUE(read);
    EXPECT_GE(*read, before);
    EXPECT_LE(*read, ::time(nullptr));
}

} // namespace

} // namespace preforkd::http
