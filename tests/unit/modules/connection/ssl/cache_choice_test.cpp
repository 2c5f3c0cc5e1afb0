#include "modules/connection/ssl/cache_choice.h"

#include <gtest/gtest.h>

namespace preforkd::ssl {
namespace {

using Kind = CacheChoice::Kind;

class CacheChoiceTest : public testing::Test {
  protected:
    CacheChoiceTest() { configuration.enabled_modules = {"socache_shmcb_module"}; }

    CacheChoice session(const std::string& text) const {
        const auto choice = parse_session_cache(configuration, text);
        EXPECT_TRUE(choice) << text << ": " << choice.error().what;
        return choice ? *choice : CacheChoice{};
    }
    std::string refusal(const std::string& text) const {
        const auto choice = parse_session_cache(configuration, text);
        return choice ? "taken" : choice.error().what;
    }
    config::Configuration configuration;
};

TEST_F(CacheChoiceTest, IsNoneInTwoWays) {
    EXPECT_EQ(session("None").kind, Kind::none);
    EXPECT_EQ(session("NoneNotNull").kind, Kind::non_zero_id);
}

TEST_F(CacheChoiceTest, IsSharedMemoryOfAUsualSize) {
    for (const char* text : {"shmcb", "shmcb:", "default", "shmcb:/run/cache"}) {
        EXPECT_EQ(session(text).kind, Kind::shared_memory) << text;
        EXPECT_EQ(session(text).size, 524288u) << text;
    }
}

TEST_F(CacheChoiceTest, IsSharedMemoryOfASizeBehindAnyPath) {
    EXPECT_EQ(session("shmcb:/run/cache(512000)").size, 512000u);
    EXPECT_EQ(session("shmcb:(8192)").size, 8192u);
    EXPECT_EQ(session("shmcb:/a(b)c( +9000)").size, 9000u);
    EXPECT_EQ(session("shmcb:/x(4294967294)").size, 4294967294u);
}

TEST_F(CacheChoiceTest, RefusesSizesInApachesWords) {
    const std::string invalid = "Invalid argument: ";
    EXPECT_EQ(refusal("shmcb:/x(8191)"), invalid + "size has to be >= 8192 bytes");
    EXPECT_EQ(refusal("shmcb:/x()"), invalid + "size has to be >= 8192 bytes");
    EXPECT_EQ(refusal("shmcb:/x(12K)"), invalid + "cache size not numerical");
    EXPECT_EQ(refusal("shmcb:/x512000)"), invalid + "no opening parenthesis");
    for (const char* text : {"shmcb:/x(", "shmcb:/x(512000", "shmcb:/x(512000)y"})
        EXPECT_EQ(refusal(text), invalid + "no closing parenthesis or cache size missing after "
                                           "pathname with parenthesis")
            << text;
    for (const char* size : {"4294967295", "99999999999999999999", "-1"})
        EXPECT_EQ(refusal("shmcb:/x(" + std::string(size) + ")"),
                  invalid + "size has to be < 4294967295 bytes on this platform")
            << size;
}

TEST_F(CacheChoiceTest, NamesTheCachesThereAre) {
    EXPECT_EQ(refusal("dbm:/x"),
              "'dbm' session cache not supported (known names: default,shmcb). Maybe you need to "
              "load the appropriate socache module (mod_socache_dbm?).");
    EXPECT_TRUE(refusal("SHMCB:/x").starts_with("'SHMCB' session cache not supported"));
}

TEST_F(CacheChoiceTest, HasNoSharedMemoryWithoutItsModule) {
    configuration.enabled_modules.clear();
    EXPECT_EQ(refusal("shmcb:/x"),
              "'shmcb' session cache not supported (known names: ). Maybe you need to load the "
              "appropriate socache module (mod_socache_shmcb?).");
}

TEST_F(CacheChoiceTest, CannotBeNoneForStapling) {
    const auto none = parse_stapling_cache(configuration, "none");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().what,
              "'none' stapling cache not supported (known names: default,shmcb) Maybe you need to "
              "load the appropriate socache module (mod_socache_none?)");
    const auto shared = parse_stapling_cache(configuration, "shmcb:/x(32768)");
    ASSERT_TRUE(shared);
    EXPECT_EQ(shared->size, 32768u);
}

} // namespace
} // namespace preforkd::ssl
