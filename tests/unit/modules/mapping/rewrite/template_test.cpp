#include "modules/mapping/rewrite/template.h"

#include <gtest/gtest.h>

namespace preforkd::rewrite {

namespace {

class RewriteTemplate : public ::testing::Test {
  protected:
    std::string_view expand(std::string_view text, const GroupEscaping* escaping = nullptr) {
        const Template made = Template::parse(text);
        const Scope scope{request, rule_groups, condition_groups, escaping, "/uri", {}, &vary};
        return arena.copy(made.expand(scope));
    }

    Arena arena;
    ConnectionFacts facts;
    Request request{facts, arena};
    Groups rule_groups{"whole", "a b&c", "/é"};
    Groups condition_groups{"", "other"};
    std::string_view vary;
};

} // namespace

TEST_F(RewriteTemplate, PutsGroupsInTheirPlace) {
    EXPECT_EQ(expand("/x/$1/%1/$0/$9."), "/x/a b&c/other/whole/.");
}

TEST_F(RewriteTemplate, LeavesAloneWhatIsNothingSpecial) {
    EXPECT_EQ(expand("a$b%c$"), "a$b%c$");
    EXPECT_EQ(expand("\\$1\\%1\\\\"), "$1%1\\");
    EXPECT_EQ(expand("%{X"), "%{X");
    EXPECT_EQ(expand("${X}"), "${X}");
    EXPECT_EQ(expand("end\\"), "end\\");
}

TEST_F(RewriteTemplate, ReadsVariables) {
    request.uri = "/path";
    request.set_variable("base", "/b");
    EXPECT_EQ(expand("%{REQUEST_URI}-%{ENV:base}-%{ENV:none}-%{NOSUCH}"), "/path-/b--");
}

TEST_F(RewriteTemplate, RemembersTheFieldsThatItReads) {
    request.head.fields.add("Accept", "text/html");
    request.head.fields.add("X-Own", "1");
    EXPECT_EQ(expand("%{HTTP_ACCEPT}%{HTTP:X-Own}%{HTTP_REFERER}"), "text/html1");
    EXPECT_EQ(vary, "Accept, X-Own");
}

TEST_F(RewriteTemplate, EscapesGroupsAsTheRuleWants) {
    GroupEscaping how{.wanted = true};
    EXPECT_EQ(expand("$1", &how), "a+b%26c");
    how.no_plus = true;
    EXPECT_EQ(expand("$1", &how), "a%20b%26c");
    how.never = "&";
    EXPECT_EQ(expand("$1", &how), "a%20b&c");
    how = {.wanted = true, .only = "b"};
    EXPECT_EQ(expand("$1", &how), "a %62&c");
    how = {.wanted = true, .controls = true};
    EXPECT_EQ(expand("$1", &how), "a+b&c");
}

} // namespace preforkd::rewrite
