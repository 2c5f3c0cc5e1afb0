#include <csignal>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "app/verbs/page_fetch.h"
#include "app/verbs/server_command.h"
#include "app/verbs/status_text.h"
#include "app/verbs/tune.h"
#include "app/verbs/upgrade.h"
#include "os/file.h"

namespace preforkd {
namespace {

constexpr std::uint64_t megabyte = 1024 * 1024;

ControlRequest parsed(std::vector<std::string> words) {
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    return parse_control_request(pointers);
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

TEST(ControlRequest, EndsWithItsVerb) {
    EXPECT_EQ(parsed({"-f", "x.conf", "graceful"}).verb, "graceful");
    EXPECT_EQ(parsed({"-f", "x.conf", "graceful"}).options, (CommandWords{"-f", "x.conf"}));
    EXPECT_EQ(parsed({"-k", "stop"}).verb, "stop");
    EXPECT_TRUE(parsed({"-k", "stop"}).options.empty());
}

TEST(ControlRequest, BeginsWithItsVerbAsWithApachectl) {
    EXPECT_EQ(parsed({"graceful", "-f", "x.conf"}).verb, "graceful");
    EXPECT_EQ(parsed({"graceful", "-f", "x.conf"}).options, (CommandWords{"-f", "x.conf"}));
}

TEST(ControlRequest, LeavesToPreforkdWhatHasNoVerb) {
    EXPECT_EQ(parsed({"-S"}).verb, "");
    EXPECT_EQ(parsed({"stop", "now"}).options, (CommandWords{"stop", "now"}));
}

TEST(PageAddress, IsReadFromAUrl) {
    const auto page = parse_page_address("http://[::1]:8080/status?auto");
    ASSERT_TRUE(page);
    EXPECT_EQ(page->host, "::1");
    EXPECT_EQ(page->port, 8080);
    EXPECT_EQ(page->text(), "http://[::1]:8080/status");
    EXPECT_EQ(parse_page_address("http://localhost")->text(), "http://localhost:80/");
    EXPECT_FALSE(parse_page_address("https://localhost/"));
    EXPECT_FALSE(parse_page_address("http://localhost:99999/"));
    EXPECT_FALSE(parse_page_address("http://localhost/a\r\nb"));
}

TEST(PageAddress, IsBehindTheFirstListenLineThatSpeaksHttp) {
    EXPECT_EQ(status_page_of({{"", 443, "https", {}}, {"0.0.0.0", 8080, "", {}}})->text(),
              "http://127.0.0.1:8080/server-status");
    EXPECT_EQ(status_page_of({{"", 80, "", {}}})->text(), "http://localhost:80/server-status");
    EXPECT_FALSE(status_page_of({{"", 443, "https", {}}}));
}

TEST(FetchedPage, IsWhatFollowsTheHead) {
    const auto page = parse_response("HTTP/1.1 403 Forbidden\r\nA: b\r\n\r\nno\r\n\r\nmore");
    ASSERT_TRUE(page);
    EXPECT_EQ(page->status, 403);
    EXPECT_EQ(page->content, "no\r\n\r\nmore");
    EXPECT_FALSE(parse_response("SSH-2.0-OpenSSH\r\n\r\n"));
    EXPECT_FALSE(parse_response("HTTP/1.1 200 OK\r\n"));
}

TEST(StatusText, TellsTheScoreboardInLinesOf64) {
    const auto values = parse_status_values("localhost\nServerVersion: preforkd/1\nBusyWorkers: 2\n"
                                            "IdleWorkers: 3\nScoreboard: " +
                                            std::string(64, '_') + "WW\n");
    const std::string text = status_summary(values);
    EXPECT_TRUE(contains(text, "2 requests currently being processed, 3 idle workers\n"));
    EXPECT_TRUE(contains(text, "\n" + std::string(64, '_') + "\nWW\n"));
    EXPECT_TRUE(contains(text, "ExtendedStatus On only"));
}

TEST(StatusText, CountsLinesOfOpenSlotsInsteadOfShowingThem) {
    const auto values =
        parse_status_values("Scoreboard: " + std::string(10, '_') + std::string(990, '.') + "\n");
    const std::string text = status_summary(values);
    EXPECT_TRUE(
        contains(text, "\n__________" + std::string(54, '.') + "\nand 936 open slots more\n"));
}

TEST(StatusText, HasALineForEachChildAndNothingForTheTerminalToObey) {
    const auto slots = parse_slots(
        R"({"server": "x", "limits": {"a": [1, 2]}, "slots": [
{"slot": 0, "pid": 7, "state": "ready", "tags": [1, {"b": "]"}], "request": "GET \"/\u001b[2J\""},
{"slot": 3, "pid": 8, "state": "writing"}
], "more": null})");
    ASSERT_EQ(slots.size(), 2u);
    EXPECT_EQ(slots[0].find("request")->second, "GET \"/\x1b[2J\"");
    const std::string text = slot_lines(slots);
    EXPECT_TRUE(contains(text, "GET \"/\\x1b[2J\""));
    EXPECT_TRUE(contains(text, "       8 writing"));
}

TEST(StatusText, IsEmptyForBrokenJson) {
    EXPECT_TRUE(parse_slots("").empty());
    EXPECT_TRUE(parse_slots("<html>").empty());
    EXPECT_TRUE(parse_slots(R"({"slots": [{"pid": 1})").empty());
    EXPECT_TRUE(parse_slots(R"({"a": )" + std::string(100000, '[')).empty());
}

TEST(Upgrade, KnowsWhoHandlesASignal) {
    EXPECT_TRUE(handles_signal("SigBlk:\t0000000000000000\nSigCgt:\t0000000000000800\n", SIGUSR2));
    EXPECT_TRUE(handles_signal("SigBlk:\t0000000000000800\nSigCgt:\t0000000000000000\n", SIGUSR2));
    EXPECT_FALSE(handles_signal("SigBlk:\t0000000000000400\nSigCgt:\t0000000000000200\n", SIGUSR2));
    EXPECT_FALSE(handles_signal("", SIGUSR2));
}

TEST(Upgrade, WaitsNoLongerThanItsPatience) {
    const std::string path = testing::TempDir() + "upgrade.pid";
    ASSERT_TRUE(replace_file(path, std::to_string(getppid())));
    constexpr Duration moment = std::chrono::milliseconds(1);
    const auto same = wait_for_successor(path, getppid(), moment);
    EXPECT_TRUE(same.alive);
    EXPECT_EQ(judge_successor(same, getppid()).error().what,
              fmt::format("not upgraded: pid {} still serves; the error log says why", getppid()));
    const auto successor = wait_for_successor(path, 7, std::chrono::hours(1));
    EXPECT_EQ(*judge_successor(successor, 7),
              fmt::format("preforkd upgraded: pid 7 -> {}", getppid()));
    remove_file(path);
    const auto none = wait_for_successor(path, getppid(), moment);
    EXPECT_EQ(judge_successor(none, getppid()).error().what,
              fmt::format("not upgraded: the pid file names no living process; pid {} still runs",
                          getppid()));
}

TEST(Tune, ShowsTheSum) {
    const MemoryRoom room{"MemTotal", 10000 * megabyte, 1100 * megabyte};
    const PoolMemory pool{{10 * megabyte, 20 * megabyte, 70 * megabyte}, 5 * megabyte, true};
    const std::string text = tuning_text(room, pool, {256, 256});
    EXPECT_TRUE(contains(text, "memory                      9.8 GB  MemTotal"));
    EXPECT_TRUE(contains(text, "the highest of 3; the median is 20.0 MB"));
    EXPECT_TRUE(contains(text, "= MaxRequestWorkers            114"));
    EXPECT_TRUE(contains(text, "counted once: 5.0 MB"));
    EXPECT_TRUE(contains(text, "    ServerLimit 256\n    MaxRequestWorkers 114\n"));
    EXPECT_FALSE(contains(text, "ServerLimit must rise"));
}

TEST(Tune, SaysWhenServerLimitMustRiseAndWhatItCouldNotRead) {
    const MemoryRoom room{"MemTotal", 10000 * megabyte, 0};
    const PoolMemory pool{{megabyte}, 0, false};
    const std::string text = tuning_text(room, pool, {256, 300});
    EXPECT_TRUE(contains(text, "ServerLimit must rise"));
    EXPECT_TRUE(contains(text, "PSS could not be read"));
    EXPECT_TRUE(contains(text, "    ServerLimit 9000\n    MaxRequestWorkers 9000\n"));
}

TEST(Tune, CountsHowOftenTheLimitWasReached) {
    const BusyTimes times = find_busy_times("[Mon] [mpm_prefork:error] [pid 1] AH00161: server\n"
                                            "[Tue] [core:notice] AH00094: x\n"
                                            "[Wed] [mpm_prefork:error] [pid 1] AH00161: server\n");
    EXPECT_EQ(times.count, 2);
    EXPECT_EQ(times.last, "Wed");
    EXPECT_EQ(find_busy_times("").count, 0);
}

} // namespace
} // namespace preforkd
