#include "modules/content/include/element.h"

#include <gtest/gtest.h>

namespace preforkd::ssi {
namespace {

using Outcome = Element::Outcome;

Element read(std::string_view text) { return read_element(text, "-->"); }

TEST(ReadElement, TakesEveryKindOfValue) {
    const auto element = read("ECHO Var=\"a\" b='c d' e=`f` g=h i --> rest");
    EXPECT_EQ(element.outcome, Outcome::complete);
    EXPECT_EQ(element.name, "echo");
    ASSERT_EQ(element.attributes.size(), 5u);
    EXPECT_EQ(element.attributes[0].name, "var");
    EXPECT_EQ(element.attributes[1].value, "c d");
    EXPECT_EQ(element.attributes[3].value, "h");
    EXPECT_EQ(element.attributes[4].value, std::nullopt);
    EXPECT_EQ(element.size, std::string_view("ECHO Var=\"a\" b='c d' e=`f` g=h i -->").size());
}

TEST(ReadElement, FindsItsEndOutsideOfValuesOnly) {
    const auto element = read("set var=\"-->\"-->");
    EXPECT_EQ(element.outcome, Outcome::complete);
    EXPECT_EQ(element.attributes.at(0).value, "-->");
    EXPECT_EQ(read("echo-->").name, "echo");
}

TEST(ReadElement, TakesABackslashBeforeItsQuoteAway) {
    EXPECT_EQ(read(R"(set value="a\"b\'c" -->)").attributes.at(0).value, R"(a"b\'c)");
}

TEST(ReadElement, WaitsForItsEnd) {
    for (const auto* text :
         {"", "ec", "echo", "echo var", "echo var=", "echo var=\"a", "echo -", "-"})
        EXPECT_EQ(read(text).outcome, Outcome::incomplete) << text;
}

TEST(ReadElement, WantsNames) {
    EXPECT_EQ(read(" echo -->").outcome, Outcome::nameless);
    EXPECT_EQ(read("-->").outcome, Outcome::nameless);
    EXPECT_EQ(read("echo =\"x\" -->").outcome, Outcome::nameless_attribute);
}

} // namespace
} // namespace preforkd::ssi
