#include "http/fields.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace preforkd::http {

namespace {

class FieldsTest : public ::testing::Test {
  protected:
    Arena arena;
    Fields fields{arena};
};

TEST(FieldId, IsFoundInAnyLetterCase) {
    EXPECT_EQ(identify_field("Content-Type"), FieldId::content_type);
    EXPECT_EQ(identify_field("content-type"), FieldId::content_type);
    EXPECT_EQ(identify_field("CONTENT-TYPE"), FieldId::content_type);
    EXPECT_EQ(identify_field("te"), FieldId::te);
}

TEST(FieldId, IsOtherForNamesThatAreOnlyAlmostKnown) {
    for (const std::string_view name : {"", "Content-Typ", "Content-Types", "Content_Type", "X-Te",
                                        "A-Name-That-Is-Longer-Than-Every-Known-One"})
        EXPECT_EQ(identify_field(name), FieldId::other) << name;
}

TEST(FieldId, OfEveryKnownNameIsItself) {
    for (int id = 1; id < static_cast<int>(FieldId::count_); ++id) {
        const auto field = static_cast<FieldId>(id);
        ASSERT_FALSE(name_of(field).empty()) << id;
        EXPECT_EQ(identify_field(name_of(field)), field) << name_of(field);
        EXPECT_EQ(identify_field(lower(name_of(field))), field) << name_of(field);
    }
}

TEST_F(FieldsTest, FindTheFirstOfAName) {
    fields.add("Accept", "a/b");
    fields.add("ACCEPT", "c/d");
    fields.add("X-One", "1");
    fields.add("x-one", "2");
    EXPECT_EQ(*fields.find(FieldId::accept), "a/b");
    EXPECT_EQ(*fields.find("accept"), "a/b");
    EXPECT_EQ(*fields.find("X-ONE"), "1");
}

TEST_F(FieldsTest, FindNothingForANameThatIsNotThere) {
    fields.add("Accept", "a/b");
    EXPECT_EQ(fields.find(FieldId::host), nullptr);
    EXPECT_EQ(fields.find("X-One"), nullptr);
    EXPECT_EQ(fields.find(FieldId::other), nullptr);
    EXPECT_EQ(fields.value_or_empty(FieldId::host), "");
    EXPECT_FALSE(fields.has(FieldId::host));
}

TEST_F(FieldsTest, TellAnEmptyValueFromAMissingOne) {
    fields.add("Host", "");
    ASSERT_TRUE(fields.has(FieldId::host));
    EXPECT_EQ(*fields.find(FieldId::host), "");
}

TEST_F(FieldsTest, KeepTheirOrderAndTheSpellingOfTheirNames) {
    fields.add("x-b", "1");
    fields.add("hOST", "2");
    fields.add("X-A", "3");
    std::string seen;
    for (const auto& field : fields) seen.append(field.name).append("=").append(field.value) += ' ';
    EXPECT_EQ(seen, "x-b=1 hOST=2 X-A=3 ");
}

TEST_F(FieldsTest, CombineAllValuesOfAName) {
    fields.add("Accept", "a");
    fields.add("X", "1");
    fields.add("accept", "b");
    fields.add("x", "2");
    fields.add("Accept", "");
    EXPECT_EQ(fields.combined(FieldId::accept, arena), "a, b, ");
    EXPECT_EQ(fields.combined("X", arena), "1, 2");
    EXPECT_EQ(fields.combined("Y", arena), "");
}

TEST_F(FieldsTest, SetReplacesEveryFieldOfTheName) {
    fields.add("Vary", "a");
    fields.add("Server", "s");
    fields.add("Vary", "b");
    fields.set(FieldId::vary, "c");
    EXPECT_EQ(fields.size(), 2U);
    EXPECT_EQ(fields.combined(FieldId::vary, arena), "c");
    EXPECT_EQ(fields.begin()->value, "c");
    EXPECT_EQ(*fields.find(FieldId::server), "s");
}

TEST_F(FieldsTest, SetReplacesFieldsOfUnlistedNamesToo) {
    fields.add("X-One", "a");
    fields.add("X-Two", "b");
    fields.add("x-one", "c");
    fields.set("X-ONE", "d");
    EXPECT_EQ(fields.size(), 2U);
    EXPECT_EQ(fields.combined("x-one", arena), "d");
    EXPECT_EQ(*fields.find("X-Two"), "b");
}

TEST_F(FieldsTest, SetAddsWhatIsMissing) {
    fields.set(FieldId::vary, "a");
    fields.set("X-One", "b");
    EXPECT_EQ(*fields.find(FieldId::vary), "a");
    EXPECT_EQ(*fields.find("X-One"), "b");
}

TEST_F(FieldsTest, RemovalLeavesTheOthersFindable) {
    fields.add("X-One", "1");
    fields.add("Accept", "2");
    fields.add("X-Two", "3");
    fields.add("Host", "4");
    fields.remove("x-one");
    fields.remove(FieldId::accept);
    EXPECT_EQ(fields.size(), 2U);
    EXPECT_EQ(fields.find("X-One"), nullptr);
    EXPECT_EQ(fields.find(FieldId::accept), nullptr);
    EXPECT_EQ(*fields.find("X-Two"), "3");
    EXPECT_EQ(*fields.find(FieldId::host), "4");
}

TEST_F(FieldsTest, FindTheirOwnAmongMoreThanASmallNumberCounts) {
    fields.add("X", "34");
    for (int i = 0; i < 70'000; ++i) fields.add("A", "b");
    fields.add("Content-Length", "0");
    EXPECT_EQ(*fields.find(FieldId::content_length), "0");
}

TEST_F(FieldsTest, ClearedAreEmptyAndUsableAgain) {
    fields.add("Host", "a");
    fields.clear();
    EXPECT_TRUE(fields.empty());
    EXPECT_EQ(fields.find(FieldId::host), nullptr);
    fields.add("Host", "b");
    EXPECT_EQ(*fields.find(FieldId::host), "b");
}

} // namespace

TEST(FieldsOfOneName, AreCombinedInOnePieceAndToldApartFromOthers) {
    Arena arena;
    Fields fields(arena);
    for (const auto* value : {"a", "", "bc"}) fields.add("X-A", value);
    fields.add(FieldId::cookie, "x=y");
    fields.add("x-a", "d");
    EXPECT_EQ(fields.combined("X-A", arena), "a, , bc, d");
    EXPECT_EQ(fields.combined(FieldId::cookie, arena), "x=y");
    EXPECT_EQ(fields.combined("X-B", arena).data(), nullptr);
    EXPECT_EQ(fields.longest_combined(), 10U);
    std::size_t firsts = 0;
    for (const auto& field : fields) firsts += fields.is_first_of_its_name(field);
    EXPECT_EQ(firsts, 2U);
    fields.shorten(3);
    EXPECT_EQ(fields.find(FieldId::cookie), nullptr);
    EXPECT_EQ(fields.combined("X-A", arena), "a, , bc");
}

} // namespace preforkd::http
