#include "app/command_line.h"

#include <gtest/gtest.h>

namespace preforkd {
namespace {

std::variant<CommandLine, UsageError> parse(std::vector<std::string> words) {
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    return parse_command_line(pointers);
}

CommandLine parsed(std::vector<std::string> words) {
    auto line = parse(std::move(words));
    EXPECT_TRUE(std::holds_alternative<CommandLine>(line));
    return std::holds_alternative<CommandLine>(line) ? std::get<CommandLine>(line) : CommandLine();
}

std::string reason_against(std::vector<std::string> words) {
    const auto line = parse(std::move(words));
    const auto* error = std::get_if<UsageError>(&line);
    return error ? error->reason : "accepted";
}

TEST(CommandLine, RunsWithoutOptions) {
    EXPECT_EQ(parsed({}).action, Action::run);
    EXPECT_FALSE(parsed({}).stays_in_foreground());
}

TEST(CommandLine, TakesArgumentsAttachedAndApart) {
    const CommandLine line =
        parsed({"-DFOREGROUND", "-f", "/etc/x.conf", "-d/srv", "-C", "Listen 80"});
    EXPECT_TRUE(line.stays_in_foreground());
    EXPECT_EQ(line.file, "/etc/x.conf");
    EXPECT_EQ(line.server_root, "/srv");
    EXPECT_EQ(line.before, std::vector<std::string>{"Listen 80"});
}

TEST(CommandLine, DumpsWhatIsDefined) {
    EXPECT_EQ(parsed({"-t", "-D", "DUMP_MODULES"}).action, Action::dump);
    EXPECT_EQ(parsed({"-D", "DUMP_MODULES", "-t"}).action, Action::dump);
    const CommandLine line = parsed({"-S"});
    EXPECT_EQ(line.action, Action::dump);
    EXPECT_TRUE(line.defined("DUMP_VHOSTS"));
    EXPECT_TRUE(line.defined("DUMP_RUN_CFG"));
}

TEST(CommandLine, KnowsTheCommands) {
    EXPECT_EQ(parsed({"-k", "graceful-stop"}).command, Command::graceful_stop);
    EXPECT_EQ(parsed({"-k", "restart"}).command, Command::restart);
}

TEST(CommandLine, RefusesWhatItDoesNotKnow) {
    EXPECT_EQ(reason_against({"-z"}), "preforkd: illegal option -- z");
    EXPECT_EQ(reason_against({"-k", "foo"}), "preforkd: illegal option -- k");
    EXPECT_EQ(reason_against({"-k"}), "preforkd: illegal option -- k");
    EXPECT_EQ(reason_against({"-?"}), "");
    EXPECT_EQ(reason_against({"-d"}), "preforkd: option requires an argument -- d");
    EXPECT_EQ(reason_against({"-h"}), "");
    EXPECT_EQ(reason_against({"foo"}), "");
}

} // namespace
} // namespace preforkd
