#include "base/log.h"

#include <array>
#include <gtest/gtest.h>
#include <regex>
#include <unistd.h>

#include "base/log_text.h"

namespace preforkd::log {
namespace {

// A line without its time and process, which differ each time.
std::string constant_part(const std::string& line) {
    static const std::regex changing(
        R"(^\[\w{3} \w{3} \d\d \d\d:\d\d:\d\d\.\d{6} \d{4}\] (\[\S+\]) \[pid \d+:tid \d+\] )");
    return std::regex_replace(line, changing, "$1 ");
}

TEST(ErrorLogLine, StartsWithTimeModuleLevelAndProcess) {
    const auto line = format({.module = "core", .level = Level::notice, .text = "AH00094: hello"});
    EXPECT_EQ(constant_part(line), "[core:notice] AH00094: hello");
}

TEST(ErrorLogLine, TellsTheErrorOfTheSystemBeforeTheClient) {
    const auto line = format({.module = "core",
                              .text = "AH00132: cannot read",
                              .client = "127.0.0.1:4711",
                              .referer = "http://a/",
                              .code = ENOENT});
    EXPECT_EQ(constant_part(line), "[core:error] (2)No such file or directory: "
                                   "[client 127.0.0.1:4711] AH00132: cannot read, "
                                   "referer: http://a/");
}

TEST(ErrorLogLine, CannotBeForgedByItsText) {
    const auto line = format({.module = "core", .text = "a\nb\\c\x1b\xff\"\n"});
    EXPECT_EQ(constant_part(line), R"([core:error] a\nb\\c\x1b\xff")");
}

TEST(ErrorLog, CutsALineAtApachesLength) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    ErrorLog(ends[1]).write({.module = "core", .text = std::string(20000, 'x')});
    std::array<char, 9000> read;
    EXPECT_EQ(::read(ends[0], read.data(), read.size()), 8192);
    EXPECT_EQ(read[8191], '\n');
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST(ErrorLog, WritesOneLineForEachEntry) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    ErrorLog log(ends[1]);
    log.write({.module = "a", .level = Level::emerg, .text = "first"});
    log.write({.module = "b", .level = Level::trace8, .text = "second"});
    char read[512];
    const auto size = ::read(ends[0], read, sizeof read);
    const std::string lines(read, static_cast<std::size_t>(size));
    EXPECT_NE(lines.find("first\n["), std::string::npos);
    EXPECT_TRUE(lines.ends_with("] second\n"));
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST(LogLevels, LetOneModuleSayMore) {
    const Levels levels{Level::warn, {{"ssl", Level::info}}};
    EXPECT_TRUE(levels.wants("ssl", Level::info));
    EXPECT_FALSE(levels.wants("core", Level::info));
    EXPECT_TRUE(levels.wants("core", Level::warn));
}

TEST(LogLevels, AreReadInAnyLetterCase) {
    EXPECT_EQ(parse_level("Trace3"), Level::trace3);
    EXPECT_FALSE(parse_level("loud"));
    EXPECT_EQ(name_of(Level::crit), "crit");
}

} // namespace
} // namespace preforkd::log
