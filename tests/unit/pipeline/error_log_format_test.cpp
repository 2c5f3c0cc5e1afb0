#include "pipeline/error_log_format.h"

#include <gtest/gtest.h>

namespace preforkd {
namespace {

class ErrorLogFormatTest : public testing::Test {
  protected:
    std::string line(std::string_view format, const log::Entry& entry,
                     ErrorLogFormat::Use use = ErrorLogFormat::Use::each_message) {
        const auto compiled = ErrorLogFormat::compile(format, use);
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
    EXPECT_EQ(line("%E: %M", {.text = "x", .code = log::cause_no_such_host}),
              "(EAI 2)Name or service not known: x");
}

TEST_F(ErrorLogFormatTest, LeavesFieldsOutThatSayNothing) {
    EXPECT_EQ(line("a [%{Referer}i] %M", entry_), "a AH1: said");
    EXPECT_EQ(line("%{Referer}i %M", entry_), " AH1: said");
    EXPECT_EQ(line("%M% ,\\ referer\\ %{Referer}i", entry_), "AH1: said");
    EXPECT_EQ(line("%{Referer}i|%m:%M|%m", entry_), "AH1: said");
    EXPECT_EQ(line("%M -%-{Referer}i- b", entry_), "AH1: said --- b");
}

TEST_F(ErrorLogFormatTest, TellsAConnectionOnce) {
    const auto once = ErrorLogFormat::Use::once;
    EXPECT_EQ(line("%l a %+{Referer}i b", entry_, once), "(no line)");
    EXPECT_EQ(line("%l %a", entry_, once), "warn 1.2.3.4:5");
    EXPECT_NE(line("%M", entry_, once).find("%M cannot be used"), std::string::npos);
    EXPECT_NE(line("%4a", entry_, once).find("cannot be used"), std::string::npos);
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
    EXPECT_EQ(line("%a", entry_), "main ErrorLogFormat must contain message format string '%M'");
    EXPECT_EQ(line("%M %16l", entry_), "The specified loglevel modifier is out of range");
    EXPECT_EQ(line("%+a %M", entry_), "The '+' flag cannot be used in the main error log format");
    EXPECT_EQ(line("%", entry_), "Ran off end of error log format parsing args to some directive");
}

} // namespace
} // namespace preforkd
