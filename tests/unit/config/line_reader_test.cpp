#include "config/line_reader.h"

#include <gtest/gtest.h>

namespace preforkd::config {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
    LineReader reader("test", text);
    std::vector<std::string> lines;
    for (auto more = reader.next(); more && *more; more = reader.next())
        lines.push_back(std::to_string(reader.place().line) + ":" + reader.line());
    return lines;
}

using Lines = std::vector<std::string>;

TEST(LineReader, NumbersLinesFromOne) { EXPECT_EQ(lines_of("a\nb\n"), (Lines{"1:a", "2:b"})); }

TEST(LineReader, TakesALastLineWithoutItsEnd) {
    EXPECT_EQ(lines_of("a\nb"), (Lines{"1:a", "2:b"}));
}

TEST(LineReader, CutsWhiteSpaceAround) { EXPECT_EQ(lines_of(" \t a b \t\r\n"), (Lines{"1:a b"})); }

TEST(LineReader, JoinsALineThatEndsInABackslashAndPutsItWhereItEnds) {
    EXPECT_EQ(lines_of("a \\\n b\\\nc\nd"), (Lines{"3:a  bc", "4:d"}));
}

TEST(LineReader, JoinsLinesThatEndInCrLf) { EXPECT_EQ(lines_of("a\\\r\nb\r\n"), (Lines{"2:ab"})); }

TEST(LineReader, KeepsABackslashAtTheEndOfTheText) { EXPECT_EQ(lines_of("a\\"), (Lines{"1:a\\"})); }

TEST(LineReader, CutsALineAtItsFirstNul) {
    EXPECT_EQ(lines_of(std::string("a\0b\nc", 5)), (Lines{"1:a", "2:c"}));
}

TEST(LineReader, HasNoLineInAnEmptyText) { EXPECT_EQ(lines_of(""), Lines{}); }

TEST(LineReader, RefusesALineOfMoreThan16Megabytes) {
    LineReader reader("test", std::string(16 * 1024 * 1024 + 1, 'a'));
    const auto more = reader.next();
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().what, "Error reading test at line 1: Line too long");
}

} // namespace
} // namespace preforkd::config
