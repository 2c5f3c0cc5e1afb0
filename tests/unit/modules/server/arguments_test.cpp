#include "modules/server/arguments.h"

#include <gtest/gtest.h>

namespace preforkd {
namespace {

using namespace std::chrono_literals;

TEST(LeadingInteger, StopsAtTheFirstOtherCharacter) {
    EXPECT_EQ(leading_integer("12x"), 12);
    EXPECT_EQ(leading_integer("  -3"), -3);
    EXPECT_EQ(leading_integer("x"), 0);
    EXPECT_EQ(leading_integer(""), 0);
}

TEST(LeadingInteger, StaysWithinAnInt) {
    EXPECT_EQ(leading_integer("99999999999999999999999"), 2147483647);
}

TEST(ParseDuration, TakesApachesUnits) {
    EXPECT_EQ(parse_duration("5"), Duration(5s));
    EXPECT_EQ(parse_duration("5sec"), Duration(5s));
    EXPECT_EQ(parse_duration("500ms"), Duration(500ms));
    EXPECT_EQ(parse_duration("2min"), Duration(2min));
    EXPECT_EQ(parse_duration("1h"), Duration(1h));
    EXPECT_EQ(parse_duration("0"), Duration(0s));
}

TEST(ParseDuration, RefusesWhatApacheRefuses) {
    for (const char* text : {"", "x", "-1", "5x", "5us", "5m", "5MS", "99999999999999999999"})
        EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(ParseDuration, TakesWordsThatBeginLikeAUnitForNoneOfIt) {
    EXPECT_EQ(parse_duration("soon"), Duration(std::chrono::seconds(0)));
    EXPECT_EQ(parse_duration("hours"), Duration(std::chrono::seconds(0)));
    EXPECT_FALSE(parse_duration("m"));
}

TEST(ParseDuration, TakesAPlusAndSpaceInFront) {
    EXPECT_EQ(parse_duration(" +5"), Duration(std::chrono::seconds(5)));
}

} // namespace
} // namespace preforkd
