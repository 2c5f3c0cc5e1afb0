#include "modules/server/read_timeout.h"

#include <gtest/gtest.h>

namespace preforkd {
namespace {

using namespace std::chrono_literals;

std::string error_of(std::string_view text) {
    const auto parsed = parse_read_timeout(text);
    return parsed ? "" : parsed.error().what;
}

TEST(ReadTimeout, TakesARangeWithARate) {
    const auto stage = parse_read_timeout("20-40,MinRate=500");
    ASSERT_TRUE(stage);
    EXPECT_EQ(stage->first, Duration(20s));
    EXPECT_EQ(stage->most, Duration(40s));
    EXPECT_EQ(stage->rate, 500u);
}

TEST(ReadTimeout, TakesARateWithoutAnEnd) {
    const auto stage = parse_read_timeout("10,minrate=100");
    ASSERT_TRUE(stage);
    EXPECT_EQ(stage->first, Duration(10s));
    EXPECT_EQ(stage->most, Duration(0s));
    EXPECT_EQ(stage->rate, 100u);
}

TEST(ReadTimeout, SaysWhatIsWrongInApachesWords) {
    EXPECT_EQ(error_of(""), "Value '' not numerical");
    EXPECT_EQ(error_of("5x"), "Cannot parse 'x'");
    EXPECT_EQ(error_of("5,10"), "Cannot parse ',10'");
    EXPECT_EQ(error_of("5-10"), "Must set MinRate option if using timeout range");
    EXPECT_EQ(error_of("5-10,Foo=3"), "Must set MinRate option if using timeout range");
    EXPECT_EQ(error_of("5-10,MinRate=0"), "Minimum data rate must be larger than 0");
    EXPECT_EQ(error_of("5-10,MinRate=x"), "Value 'x' not numerical");
    EXPECT_EQ(error_of("5-3,MinRate=5"), "Maximum timeout must be larger than initial timeout");
    EXPECT_EQ(error_of("1000000000000"), "Value must be non-negative");
}

} // namespace
} // namespace preforkd
