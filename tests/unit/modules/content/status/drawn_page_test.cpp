#include <fmt/format.h>

#include "unit/modules/content/status/a_pool.h"

namespace preforkd::testing {

using pool::ChildState;

namespace {

class DrawnPage : public APool {
  protected:
    std::string page() {
        return status::drawn_page_text(count(), last_minutes(), surroundings, "n0nce");
    }
    bool shows(std::string_view text) { return page().find(text) != std::string::npos; }
};

std::size_t times(std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
    return found;
}

} // namespace

TEST_F(DrawnPage, MarksItsStyleAndItsScriptByTheNonce) {
    const auto text = page();
    EXPECT_EQ(times(text, "<style nonce=\"n0nce\">"), 1U);
    EXPECT_EQ(times(text, "<script nonce=\"n0nce\">"), 1U);
    EXPECT_EQ(times(text, "<script"), 1U);
    EXPECT_EQ(times(text, " style="), 0U) << "which the policy would refuse";
}

TEST_F(DrawnPage, EscapesWhatClientsSent) {
    auto& slot = child(0, ChildState::writing);
    slot.request.assign("GET /\"><script>alert(1)</script>\x01&'\n");
    slot.client.assign("<i>client");
    slot.server.assign("<i>server");
    surroundings.server_name = "<i>name";
    const auto text = page();
    EXPECT_EQ(times(text, "<script>alert"), 0U);
    EXPECT_EQ(times(text, "<i>client") + times(text, "<i>server") + times(text, "<i>name"), 0U);
    EXPECT_EQ(times(text, "GET /\\&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\\x01&amp;"), 2U);
}

TEST_F(DrawnPage, IsWholeBeforeTheFirstSecondHasPassed) {
    EXPECT_TRUE(shows("<b>0</b><span>busy</span><small>of 3</small>"));
    EXPECT_TRUE(shows("<b>0</b><span>requests/s</span><small>0 in all</small>"));
    EXPECT_TRUE(shows("<p class=\"quiet\">Nobody.</p>"));
    EXPECT_FALSE(shows("nan"));
    EXPECT_TRUE(page().ends_with("</html>\n"));
}

TEST_F(DrawnPage, TellsTheRateOfTheLastSeconds) {
    remember(second - 60, 1, 0, 0);
    for (int ago = 10; ago >= 0; --ago)
        remember(second - ago, 1, 0, 5'000 - static_cast<std::uint64_t>(ago) * 50);
    EXPECT_TRUE(shows("<b>50</b><span>requests/s</span>"));
    EXPECT_TRUE(shows("<b>50 kB/s</b><span>sent</span>"));
}

TEST_F(DrawnPage, HasASquareForEverySlotThatMayBeUsed) {
    child(0, ChildState::ready);
    child(2, ChildState::keepalive);
    const auto text = page();
    EXPECT_EQ(times(text, "<li class=") + times(text, "<li></li>"), 3U);
    EXPECT_EQ(times(text, "<li class=\"keepalive\" title=\"slot 2, pid 102: keepalive\">K</li>"),
              1U);
    EXPECT_EQ(times(text, "<li></li>"), 1U);
    EXPECT_EQ(times(text, "free <b>1</b>"), 1U);
}

TEST_F(DrawnPage, PutsTheLongestRequestFirstAndThoseWithoutOneLast) {
    child(0, ChildState::keepalive).state_since = now - 9'000'000;
    child(1, ChildState::writing).state_since = now - 2'000'000;
    child(2, ChildState::reading).state_since = now - 4'000'000;
    const auto text = page();
    const auto longest = text.find(">4.0 s<"), next = text.find(">2.0 s<");
    EXPECT_LT(longest, next);
    EXPECT_LT(next, text.find(">9.0 s<"));
    EXPECT_NE(text.find(">9.0 s<"), std::string::npos);
}

TEST_F(DrawnPage, DoesNotTellWhoAsksForWhatWithoutExtendedStatus) {
    board.global().extended = false;
    child(0, ChildState::writing).request.assign("GET /secret");
    EXPECT_FALSE(shows("/secret"));
    EXPECT_TRUE(shows("ExtendedStatus On"));
}

TEST_F(DrawnPage, DrawsThePoolAgainstItsLimit) {
    remember(second, 1, 2, 0);
    EXPECT_TRUE(shows("<i>3, the limit</i>"));
}

} // namespace preforkd::testing
