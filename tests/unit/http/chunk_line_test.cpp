#include "http/chunk_line.h"

#include <gtest/gtest.h>

namespace preforkd::http {

namespace {

TEST(ChunkLine, IsASize) {
    EXPECT_EQ(parse_chunk_line("0"), 0U);
    EXPECT_EQ(parse_chunk_line("5"), 5U);
    EXPECT_EQ(parse_chunk_line("00fF"), 255U);
    EXPECT_EQ(parse_chunk_line("3ffffffffffffff"), largest_chunk / 16 - 1);
}

// RFC 9112 §7.1: a recipient must anticipate large numerals.
TEST(ChunkLine, NeverOverflows) {
    for (const std::string_view line : {"4000000000000000", "8000000000000005", "ffffffffffffffff",
                                        "10000000000000005", "fffffffffffffffffffffffffffffffff"})
        EXPECT_EQ(parse_chunk_line(line), largest_chunk) << line;
}

// RFC 9112 §7.1.1: what is not known is ignored, and white space around it is bad but read.
TEST(ChunkLine, MayHaveExtensions) {
    for (const std::string_view line :
         {"5;a", "5;a=b", "5;a;b=c", "5;a=\"b\"", "5;a=\"b; c\"", "5;a=\"b\\\"c\"", "5;a=\"\"",
          "5 ;a", "5; a = b ; c", "5\t;a\t=\tb", "5;a=\"\xc3\xa9\""})
        EXPECT_EQ(parse_chunk_line(line), 5U) << line;
}

TEST(ChunkLine, IsNothingElse) {
    for (const std::string_view line :
         {"",           " ",         "x",    "-5",    "+5",           "0x5",          " 5",
          "\t5",        "5 ",        "5\t",  "5h",    "5,5",          "5 5",          "5;",
          "5;;",        "5;=b",      "5;a=", "5;a= ", "5;a=b=c",      "5;a b",        "5;a=\"b",
          "5;a=\"b\"c", "5;a=\"b\\", "5; ",  "5;a\r", "5;a=\"\x01\"", "5;a=\"\x7f\"", ";a",
          "5;(a)",      "5;a=(b)"})
        EXPECT_FALSE(parse_chunk_line(line)) << line;
}

} // namespace

} // namespace preforkd::http
