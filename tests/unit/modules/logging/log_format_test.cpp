#include "modules/logging/log_format.h"

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <gtest/gtest.h>

#include "unit/modules/logging/logged_request.h"

namespace preforkd::testing {

namespace {

class LogFormat : public ::testing::Test, protected LoggedRequest {
  protected:
    LogFormat() {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
    }
};

} // namespace

TEST_F(LogFormat, CopiesTextAndKnowsFourEscapes) {
    EXPECT_EQ(line("a \"b\" \\t\\\\ \\x %% c"), "a \"b\" \t\\ \\x % c");
    EXPECT_EQ(line(""), "");
    EXPECT_EQ(line("end\\"), "end\\");
}

TEST_F(LogFormat, RefusesWhatIsNoDirectiveInApachesWords) {
    EXPECT_EQ(line("%Q"), "Unrecognized LogFormat directive %Q");
    EXPECT_EQ(line("%^ab"), "Unrecognized LogFormat directive %^");
    for (const char* unfinished : {"%", "%{abc", "%200,!", "%>"})
        EXPECT_EQ(line(unfinished), "Ran off end of LogFormat parsing args to some directive");
}

TEST_F(LogFormat, LooksAtTheFirstOrTheLastRequestOfAChain) {
    EXPECT_EQ(line("%s %>s %<s"), "302 200 302");
    EXPECT_EQ(line("%U %>U"), "/a /b");
    last.filename = "/srv/b";
    EXPECT_EQ(line("%f %<f"), "/srv/b -");
    last.handler_name = "server-status";
    EXPECT_EQ(line("%R %>R"), "- server-status");
}

TEST_F(LogFormat, SpeaksOnlyWithTheStatusesItNames) {
    last.response.status = 404;
    EXPECT_EQ(line("%404,403U %200U %!404U %!200,304U"), "/a - - /a");
}

TEST_F(LogFormat, ShowsWhatWasAskedFor) {
    last.query = "b=\"c\"";
    last.has_query = true;
    EXPECT_EQ(line("%r|%m|%q|%H"), R"(GET /a?b=c HTTP/1.1|GET|?b=\"c\"|HTTP/1.1)");
    last.has_query = false;
    last.head.simple = true;
    EXPECT_EQ(line("%q|%H"), "|HTTP/0.9");
    first.head.request_line = {};
    EXPECT_EQ(line("%r"), "-");
}

TEST_F(LogFormat, HidesAPasswordInTheRequestLine) {
    first.head.request_line = "GET http://joe:secret@host/a@b:c HTTP/1.1";
    EXPECT_EQ(line("%r"), "GET http://joe:XXXXXXXX@host/a@b:c HTTP/1.1");
    first.head.request_line = "GET /?to=http://host/a:b@c HTTP/1.1";
    EXPECT_EQ(line("%r"), "GET /?to=http://host/a:b@c HTTP/1.1");
}

TEST_F(LogFormat, EscapesWhatCouldForgeALine) {
    last.user = "a\nb\"c\\d\x1b\xe9";
    EXPECT_EQ(line("%u"), R"(a\nb\"c\\d\x1b\xe9)");
}

TEST_F(LogFormat, EscapesACharacterWhereverItStands) {
    for (const auto& [special, escape] : {std::pair{'"', "\\\""}, std::pair{'\x7f', "\\x7f"},
                                          std::pair{'\x1f', "\\x1f"}, std::pair{'\x80', "\\x80"}})
        for (std::size_t before = 0; before < 20; ++before) {
            const std::string plain(before, '~');
            const std::string user = plain + special + "  !#[]";
            last.user = user;
            EXPECT_EQ(line("%u"), plain + escape + "  !#[]");
        }
}

TEST_F(LogFormat, TellsAnEmptyNameFromNone) {
    EXPECT_EQ(line("%u %l"), "- -");
    last.user = "";
    EXPECT_EQ(line("%u"), "\"\"");
}

TEST_F(LogFormat, ShowsFieldsOfTheRequest) {
    last.head.fields.add("Referer", "http://from.test/");
    last.head.fields.add("X-Twice", "one");
    last.head.fields.add("x-twice", "two");
    EXPECT_EQ(line("%{referer}i|%{X-TWICE}i|%{X-None}i"), "http://from.test/|one, two|-");
}

TEST_F(LogFormat, FindsACookieByName) {
    last.head.fields.add("Cookie", "a=1; Session = x y ;empty=; session=2");
    EXPECT_EQ(line("%{session}C %{a}C %{empty}C %{none}C"), "x y 1 - -");
}

TEST_F(LogFormat, ShowsVariablesAndNotes) {
    last.set_variable("image", "1");
    last.set_note("note", "2");
    EXPECT_EQ(line("%{image}e %{image}n %{IMAGE}e %{note}n %{note}e"), "1 - 1 2 -");
}

TEST_F(LogFormat, ShowsFieldsOfTheResponse) {
    last.response.fields.add("Content-Type", "text/html; charset=utf-8");
    last.response.fields.add("Location", "http://to.test/");
    last.response.error_fields.add("Set-Cookie", "a=1");
    last.response.error_fields.add("Set-Cookie", "b=2");
    EXPECT_EQ(line("%{content-type}o|%{Location}o|%{Set-Cookie}o|%{ETag}o"),
              "text/html|http://to.test/|a=1, b=2|-");
}

TEST_F(LogFormat, CountsBytes) {
    EXPECT_EQ(line("%b %B"), "- 0");
    last.content_bytes_sent = 6;
    last.bytes_sent = 232;
    last.bytes_received = 84;
    EXPECT_EQ(line("%b %B %I %O %S %^FB"), "6 6 84 232 316 -");
}

TEST_F(LogFormat, ShowsBothEndsOfTheConnection) {
    EXPECT_EQ(line("%h %a %{c}a %A"), "192.0.2.7 192.0.2.7 192.0.2.7 192.0.2.1");
    EXPECT_EQ(line("%p %{canonical}p %{local}p %{remote}p %{other}p"), "80 80 8080 4711 other");
    server.port = 81;
    EXPECT_EQ(line("%p"), "81");
}

TEST_F(LogFormat, ShowsTheServerByItsNameAndAsTheClientCallsIt) {
    EXPECT_EQ(line("%v %V"), "site.test site.test");
    last.host = "alias.test";
    EXPECT_EQ(line("%v %V"), "site.test alias.test");
}

TEST_F(LogFormat, TellsHowTheConnectionGoesOn) {
    EXPECT_EQ(line("%X %k"), "+ 0");
    facts.requests_served = 2;
    EXPECT_EQ(line("%X %k"), "+ 2");
    last.keep_alive = false;
    EXPECT_EQ(line("%X %k"), "- 1");
    last.aborted = true;
    EXPECT_EQ(line("%X"), "X");
}

TEST_F(LogFormat, ShowsTheProcess) {
    const auto pid = std::to_string(::getpid());
    EXPECT_EQ(line("%P %{pid}P %{other}P"), pid + " " + pid + " other");
}

TEST_F(LogFormat, ShowsWhenTheRequestCame) {
    EXPECT_EQ(line("%t"), "[21/Nov/2026:00:23:10 +0000]");
    EXPECT_EQ(line("%{begin}t"), line("%t"));
    EXPECT_EQ(line("%{%Y-%m}t %{begin:%H}t"), "2026-11 00");
    EXPECT_EQ(line("%{sec}t %{msec}t %{usec}t"), "1795220590 1795220590012 1795220590012345");
    EXPECT_EQ(line("%{msec_frac}t %{begin:usec_frac}t"), "012 012345");
    EXPECT_EQ(line("%{beginning}t"), "beginning");
}

TEST_F(LogFormat, ShowsHowLongTheAnswerTook) {
    first.started = SteadyClock::now() - std::chrono::milliseconds(2500);
    EXPECT_EQ(line("%T %{s}T %{x}T"), "2 2 x");
    const auto millis = std::stol(line("%{ms}T"));
    EXPECT_GE(millis, 2500);
    EXPECT_LT(millis, 60'000);
    EXPECT_GE(std::stol(line("%D")), 2'500'000);
    EXPECT_GE(std::stoll(line("%{end:sec}t")), 1'795'220'592);
}

TEST_F(LogFormat, KnowsNoIdentdAndNoTrailers) {
    EXPECT_EQ(line("%l %L %{X}^ti %{X}^to"), "- - - -");
}

TEST_F(LogFormat, CutsALineThatIsTooLongAndStillEndsIt) {
    const std::string much(100'000, 'a');
    last.head.fields.add("User-Agent", much);
    EXPECT_EQ(line("%{User-Agent}i tail").size(), 64U * 1024 - 1);
}

} // namespace preforkd::testing
