#include "pipeline/error_log_format.h"

#include <gtest/gtest.h>

namespace preforkd {
namespace {

class ErrorLogFormatTest : public testing::Test {
  protected:
    std::string line(std::string_view format, const log::Entry& entry) {
        const auto compiled = ErrorLogFormat::compile(format);
        if (!compiled) return compiled.error().what;
        return compiled->line_for({entry, server_}).value_or("(no line)");
    }
    config::Server server_;
    const log::Entry entry_{
        .module = "core", .level = log::Level::warn, .text = "AH1: said\n", .client = "1.2.3.4:5"};
};

TEST_F(ErrorLogFormatTest, SaysWhatItIsAsked) {
    EXPECT_EQ(line("[%m:%l] [%a] %M %%", entry_), "[core:warn] [1.2.3.4:5] AH1: said %");
    EXPECT_EQ(line("%E: %M", {.text = "x", .code = 2}), "(2)No such file or directory: x");
}

TEST_F(ErrorLogFormatTest, LeavesFieldsOutThatSayNothing) {
    EXPECT_EQ(line("a [%{Referer}i] b", entry_), "a b");
    EXPECT_EQ(line("%{Referer}i b", entry_), " b");
    EXPECT_EQ(line("%M% ,\\ referer\\ %{Referer}i", entry_), "AH1: said");
    EXPECT_EQ(line("a -%-{Referer}i- b", entry_), "a --- b");
    EXPECT_EQ(line("a %+{Referer}i b", entry_), "(no line)");
}

TEST_F(ErrorLogFormatTest, LooksAtTheSeverity) {
    EXPECT_EQ(line("%M %4m", entry_), "AH1: said core");
    EXPECT_EQ(line("%M %5m", entry_), "AH1: said");
}

TEST_F(ErrorLogFormatTest, EscapesWhatAClientMaySay) {
    EXPECT_EQ(line("%M", {.text = "a\nb\x1b"}), "a\\nb\\x1b");
}

TEST_F(ErrorLogFormatTest, RefusesWhatItDoesNotKnow) {
    EXPECT_EQ(line("%q", entry_), "Unrecognized error log format directive %q");
    EXPECT_EQ(line("%{x", entry_),
              "Ran off end of error log format parsing args to some directive");
    EXPECT_EQ(line("%", entry_), "Ran off end of error log format parsing args to some directive");
}

} // namespace
} // namespace preforkd
