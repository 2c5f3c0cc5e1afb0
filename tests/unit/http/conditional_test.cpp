#include "http/conditional.h"

#include <gtest/gtest.h>
#include <string>

#include "http/date.h"

namespace preforkd::http {

namespace {

constexpr std::time_t modified = 784111777;
constexpr std::time_t now = modified + 1'000'000;
constexpr const char* at_modification = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr const char* before_it = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr const char* after_it = "Sun, 06 Nov 1994 08:49:38 GMT";
constexpr const char* in_the_future = "Wed, 06 Nov 2094 08:49:37 GMT";

class ConditionTest : public ::testing::Test {
  protected:
    void ask(std::string_view name, std::string_view value) { head.fields.add(name, value); }
    int verdict() { return evaluate_preconditions(head, validators, now); }

    Arena arena;
    RequestHead head{arena};
    Validators validators{"\"abc\"", modified};
};

TEST_F(ConditionTest, IsMetWhereThereIsNone) { EXPECT_EQ(verdict(), 0); }

TEST_F(ConditionTest, IfNoneMatchAnswersNotModifiedToAReader) {
    ask("If-None-Match", "\"abc\"");
    EXPECT_EQ(verdict(), 304);
    head.method = Method::head;
    EXPECT_EQ(verdict(), 304);
}

TEST_F(ConditionTest, IfNoneMatchStopsAWriter) {
    ask("If-None-Match", "*");
    head.method = Method::put;
    EXPECT_EQ(verdict(), 412);
}

TEST_F(ConditionTest, IfNoneMatchComparesWeakly) {
    ask("If-None-Match", "W/\"abc\"");
    EXPECT_EQ(verdict(), 304);
    validators.etag = "W/\"abc\"";
    EXPECT_EQ(verdict(), 304);
}

TEST_F(ConditionTest, IfNoneMatchLooksThroughTheWholeList) {
    ask("If-None-Match", "\"x\", \"y\" ,\"abc\"");
    EXPECT_EQ(verdict(), 304);
}

TEST_F(ConditionTest, IfNoneMatchLooksThroughEveryField) {
    ask("If-None-Match", "\"x\"");
    ask("If-None-Match", "\"abc\"");
    EXPECT_EQ(verdict(), 304);
}

TEST_F(ConditionTest, IfNoneMatchWithOtherTagsIsMet) {
    ask("If-None-Match", "\"x\", abc, \"ab\", \"abcd\"");
    EXPECT_EQ(verdict(), 0);
}

TEST_F(ConditionTest, IfNoneMatchGoesBeforeIfModifiedSince) {
    ask("If-None-Match", "\"x\"");
    ask("If-Modified-Since", after_it);
    EXPECT_EQ(verdict(), 0);
}

TEST_F(ConditionTest, IfModifiedSinceAnswersNotModified) {
    ask("If-Modified-Since", at_modification);
    EXPECT_EQ(verdict(), 304);
}

TEST_F(ConditionTest, IfModifiedSinceIsMetByANewerRepresentation) {
    ask("If-Modified-Since", before_it);
    EXPECT_EQ(verdict(), 0);
}

TEST_F(ConditionTest, IfModifiedSinceIsForReadersOnly) {
    ask("If-Modified-Since", after_it);
    head.method = Method::post;
    EXPECT_EQ(verdict(), 0);
}

TEST_F(ConditionTest, IfModifiedSinceIsIgnoredWhenItIsNoDateOrInTheFuture) {
    ask("If-Modified-Since", "yesterday");
    EXPECT_EQ(verdict(), 0);
    head.fields.set(FieldId::if_modified_since, in_the_future);
    EXPECT_EQ(verdict(), 0);
}

TEST_F(ConditionTest, IfModifiedSinceIsIgnoredWithoutALastModified) {
    validators.last_modified.reset();
    ask("If-Modified-Since", after_it);
    EXPECT_EQ(verdict(), 0);
}

TEST_F(ConditionTest, IfMatchComparesStrongly) {
    ask("If-Match", "\"abc\"");
    EXPECT_EQ(verdict(), 0);
    head.fields.set(FieldId::if_match, "W/\"abc\"");
    EXPECT_EQ(verdict(), 412);
    validators.etag = "W/\"abc\"";
    EXPECT_EQ(verdict(), 412);
}

TEST_F(ConditionTest, IfMatchWithAnAsteriskIsMet) {
    ask("If-Match", "*");
    EXPECT_EQ(verdict(), 0);
}

TEST_F(ConditionTest, IfMatchFailsWhereThereIsNoTag) {
    validators.etag = {};
    ask("If-Match", "\"abc\"");
    EXPECT_EQ(verdict(), 412);
}

TEST_F(ConditionTest, IfMatchGoesBeforeIfUnmodifiedSince) {
    ask("If-Match", "\"abc\"");
    ask("If-Unmodified-Since", before_it);
    EXPECT_EQ(verdict(), 0);
}

TEST_F(ConditionTest, IfUnmodifiedSinceStopsWhatIsNewer) {
    ask("If-Unmodified-Since", before_it);
    EXPECT_EQ(verdict(), 412);
    head.fields.set(FieldId::if_unmodified_since, at_modification);
    EXPECT_EQ(verdict(), 0);
    head.fields.set(FieldId::if_unmodified_since, "never");
    EXPECT_EQ(verdict(), 0);
}

TEST_F(ConditionTest, IfMatchIsFollowedByIfNoneMatch) {
    ask("If-Match", "*");
    ask("If-None-Match", "\"abc\"");
    EXPECT_EQ(verdict(), 304);
}

// RFC 9110 §8.8.3: a comma may stand inside a tag.
TEST_F(ConditionTest, ReadsAListOfTagsByItsQuotes) {
    for (const std::string_view list : {"\"x,*,y\"", "\"x\", *", "**", "\"x,\"abc\"",
                                        "\"x\" \"abc\"", "abc", "'abc'", "\"abc", ""}) {
        head.fields.set(FieldId::if_none_match, list);
        EXPECT_EQ(verdict(), 0) << list;
    }
    for (const std::string_view list : {"\"a,b\",\"abc\"", ",,\"abc\",", "\"x\",\tW/\"abc\""}) {
        head.fields.set(FieldId::if_none_match, list);
        EXPECT_EQ(verdict(), 304) << list;
    }
}

// RFC 9110 §13.1.3 and §13.1.4
TEST_F(ConditionTest, DatesThatAreListsCountForNothing) {
    ask("If-Modified-Since", at_modification);
    ask("If-Modified-Since", at_modification);
    ask("If-Unmodified-Since", before_it);
    ask("If-Unmodified-Since", before_it);
    EXPECT_EQ(verdict(), 0);
}

class RangeTest : public ConditionTest {
  protected:
    // "whole", "unsatisfiable", or the ranges as "0-4 7-9".
    std::string ranges(std::string_view field, std::uint64_t length = 10) {
        head.fields.set(FieldId::range, field);
        const auto outcome = evaluate_ranges(head, validators, length, limits, now);
        if (outcome.kind == RangeOutcome::Kind::whole) return "whole";
        if (outcome.kind == RangeOutcome::Kind::unsatisfiable) return "unsatisfiable";
        std::string text;
        for (const auto& range : outcome.ranges)
            text += (text.empty() ? "" : " ") + std::to_string(range.first) + "-" +
                    std::to_string(range.last);
        return text;
    }
    RangeLimits limits;
};

TEST_F(RangeTest, IsFirstToLastInclusive) {
    EXPECT_EQ(ranges("bytes=0-0"), "0-0");
    EXPECT_EQ(ranges("bytes=2-5"), "2-5");
    EXPECT_EQ(ranges("bytes=0-9"), "0-9");
    EXPECT_EQ((ByteRange{2, 5}.length()), 4U);
}

TEST_F(RangeTest, IsCutAtTheEnd) {
    EXPECT_EQ(ranges("bytes=2-"), "2-9");
    EXPECT_EQ(ranges("bytes=2-99"), "2-9");
    EXPECT_EQ(ranges("bytes=2-18446744073709551615"), "2-9");
    EXPECT_EQ(ranges("bytes=2-99999999999999999999999"), "2-9");
}

TEST_F(RangeTest, MayBeASuffix) {
    EXPECT_EQ(ranges("bytes=-3"), "7-9");
    EXPECT_EQ(ranges("bytes=-99"), "0-9");
    EXPECT_EQ(ranges("bytes=-99999999999999999999999"), "0-9");
}

TEST_F(RangeTest, BeyondTheEndIsUnsatisfiable) {
    EXPECT_EQ(ranges("bytes=10-"), "unsatisfiable");
    EXPECT_EQ(ranges("bytes=10-20,30-"), "unsatisfiable");
    EXPECT_EQ(ranges("bytes=-0"), "unsatisfiable");
    EXPECT_EQ(ranges("bytes=0-", 0), "unsatisfiable");
    EXPECT_EQ(ranges("bytes=10-,0-1"), "0-1");
    EXPECT_EQ(ranges("bytes=18446744073709551616-"), "unsatisfiable");
}

TEST_F(RangeTest, MayBeSeveralInTheOrderOfTheClient) {
    EXPECT_EQ(ranges("bytes=0-1,8-9"), "0-1 8-9");
    EXPECT_EQ(ranges("bytes=8-9, 0-1"), "8-9 0-1");
    EXPECT_EQ(ranges("bytes=0-0,2-2,4-4"), "0-0 2-2 4-4");
}

TEST_F(RangeTest, JoinsRangesThatTouch) {
    EXPECT_EQ(ranges("bytes=0-1,2-3"), "0-3");
    EXPECT_EQ(ranges("bytes=0-5,3-8"), "0-8");
    EXPECT_EQ(ranges("bytes=3-8,0-5"), "0-8");
    EXPECT_EQ(ranges("bytes=2-3,0-1"), "0-3");
}

TEST_F(RangeTest, IgnoresAMalformedField) {
    for (const std::string_view field :
         {"", "bytes", "bytes=-", "bytes=a-b", "bytes=1", "bytes=5-2", "bytes=1-2x", "bytes=1-2-3",
          "bytes=0x1-2", "bytes=+1-2", "bytes=1--2", "bytes 1-2", "lines=1-2", "bytes=1-2,x",
          "bytes=", "bytes=,", "bytes= ,"})
        EXPECT_EQ(ranges(field), "whole") << field;
}

TEST_F(RangeTest, IgnoresMoreRangesThanAllowed) {
    limits.ranges = 2;
    EXPECT_EQ(ranges("bytes=0-0,2-2"), "0-0 2-2");
    EXPECT_EQ(ranges("bytes=0-0,2-2,4-4"), "whole");
}

TEST_F(RangeTest, IgnoresMoreOverlapsThanAllowed) {
    limits.overlaps = 1;
    EXPECT_EQ(ranges("bytes=0-1,1-2"), "0-2");
    EXPECT_EQ(ranges("bytes=0-1,1-2,2-3"), "whole");
}

TEST_F(RangeTest, IgnoresMoreReversalsThanAllowed) {
    limits.reversals = 1;
    EXPECT_EQ(ranges("bytes=4-4,2-2"), "4-4 2-2");
    EXPECT_EQ(ranges("bytes=4-4,2-2,0-0"), "whole");
}

TEST_F(RangeTest, NeverAmountsToMoreThanTheWhole) {
    EXPECT_EQ(ranges("bytes=0-6,8-9,0-6"), "whole");
}

TEST_F(RangeTest, HoldsOnlyWhileIfRangeDoes) {
    ask("If-Range", "\"abc\"");
    EXPECT_EQ(ranges("bytes=0-1"), "0-1");
    for (const std::string_view condition :
         {"\"x\"", "W/\"abc\"", "abc", "", before_it, after_it, "yesterday"}) {
        head.fields.set(FieldId::if_range, condition);
        EXPECT_EQ(ranges("bytes=0-1"), "whole") << condition;
    }
    head.fields.set(FieldId::if_range, at_modification);
    EXPECT_EQ(ranges("bytes=0-1"), "0-1");
}

// RFC 9110 §8.8.2.2
TEST_F(RangeTest, NeverTrustsADateThatIsTooYoung) {
    ask("If-Range", at_modification);
    head.fields.set(FieldId::range, "bytes=0-1");
    const auto kind = [&](std::time_t at) {
        return evaluate_ranges(head, validators, 10, limits, at).kind;
    };
    EXPECT_EQ(kind(modified + 59), RangeOutcome::Kind::whole);
    EXPECT_EQ(kind(modified + 60), RangeOutcome::Kind::partial);
}

TEST_F(RangeTest, MayStandOnlyOnce) {
    ask("Range", "bytes=0-1");
    ask("Range", "bytes=0-1");
    EXPECT_EQ(evaluate_ranges(head, validators, 10, limits, now).kind, RangeOutcome::Kind::whole);
}

TEST_F(RangeTest, NeverTrustsAWeakTag) {
    validators.etag = "W/\"abc\"";
    ask("If-Range", "W/\"abc\"");
    EXPECT_EQ(ranges("bytes=0-1"), "whole");
}

} // namespace

} // namespace preforkd::http
