// What an .htaccess file may say.
#include <gtest/gtest.h>

#include "config/reader.h"
#include "unit/config/language.h"

namespace preforkd::config {
namespace {

using testing::Words;

class ReadHtaccess : public ::testing::Test, public testing::Language {
  protected:
    ReadHtaccess() : rows(testing::all_rows()) {
        rules.overrides = override_all;
        read("Define known value\n");
    }
    // What it told, or the error with its line.
    Words told_by(const std::string& text) {
        auto outcome = read_htaccess(*configuration, rows, "/www/.htaccess", text, rules);
        if (const auto* fault = std::get_if<ConfigError>(&outcome))
            return {std::to_string(fault->place.line) + ": " + fault->message};
        section = std::move(std::get<0>(outcome));
        return testing::told_in(*section);
    }
    DirectiveTable rows;
    HtaccessRules rules;
    std::unique_ptr<Section> section;
};

TEST_F(ReadHtaccess, MakesASectionOfItsOwn) {
    EXPECT_EQ(told_by("Tell a\n<Files b>\nTell c\n</Files>\n"), Words{"a"});
    EXPECT_EQ(section->kind, Section::Kind::htaccess);
    EXPECT_EQ(testing::told_in(*section->files.at(0)), Words{"c"});
}

TEST_F(ReadHtaccess, ObeysTheClassesThatAreAllowed) {
    rules.overrides = override_file_info;
    EXPECT_EQ(told_by("Tell a\n"), Words{"a"});
    EXPECT_EQ(told_by("Tell a\nTellEach b\n"), Words{"2: TellEach not allowed here"});
    rules.overrides = override_file_info | override_indexes;
    EXPECT_EQ(told_by("Tell a\nTellEach b\n"), (Words{"a", "b"}));
}

TEST_F(ReadHtaccess, ObeysTheDirectivesThatAreListed) {
    rules.overrides = override_none;
    rules.directives = {"telleach"};
    EXPECT_EQ(told_by("TellEach b\n"), Words{"b"});
    EXPECT_EQ(told_by("Tell b\n"), Words{"1: Tell not allowed here"});
}

TEST_F(ReadHtaccess, RefusesWhatBelongsToTheServer) {
    EXPECT_EQ(told_by("First a\n"), Words{"1: First not allowed here"});
    EXPECT_EQ(told_by("<Directory />\n</Directory>\n"), Words{"1: <Directory not allowed here"});
    EXPECT_EQ(told_by("Include a\n"), Words{"1: Include not allowed here"});
    EXPECT_EQ(told_by("Define a b\n"), Words{"1: Define not allowed here"});
    EXPECT_EQ(told_by("LoadModule a b\n"), Words{"1: LoadModule not allowed here"});
}

TEST_F(ReadHtaccess, PassesOverWhatIsForbiddenWhereThatIsNotFatal) {
    rules.overrides = override_file_info;
    rules.fatal = false;
    EXPECT_EQ(told_by("TellEach b\nTell a\n"), Words{"a"});
    EXPECT_EQ(told_by("Frob\nTell a\n").at(0).substr(0, 25), "1: Invalid command 'Frob'");
}

TEST_F(ReadHtaccess, PassesOverWhatIsUnknownWhereThatIsNotFatal) {
    rules.unknown_is_fatal = false;
    EXPECT_EQ(told_by("Frob\nTell a\n<Foo>\nTell b\n</Foo>\n"), Words{"a"});
}

TEST_F(ReadHtaccess, KnowsVariablesAndConditionsOfTheServer) {
    EXPECT_EQ(told_by("Tell ${known}\n<IfDefine known>\nTell b\n</IfDefine>\n"),
              (Words{"value", "b"}));
}

TEST_F(ReadHtaccess, ChangesNothingOfTheServer) {
    const auto warned = configuration->warnings.size();
    EXPECT_EQ(told_by("Tell ${nobody}\nWarn b\n"), Words{"${nobody}"});
    EXPECT_EQ(configuration->warnings.size(), warned);
    EXPECT_EQ(told(), Words{});
}

TEST_F(ReadHtaccess, RefusesSectionsThatAreNestedTooDeeply) {
    const std::string deep =
        "<Files> stands in 200 other sections, and that is as deep as they may "
        "be nested";
    EXPECT_EQ(told_by(testing::repeated("<Files a>\n", 20000)), Words{"201: " + deep});
    EXPECT_EQ(told_by(testing::repeated("<Foo a>\n", 20000)).at(0).substr(0, 10), "201: <Foo>");
    const auto conditions = told_by(testing::repeated("<IfDefine known>\n", 20000));
    EXPECT_EQ(conditions.at(0).substr(0, 15), "201: <IfDefine>");
}

} // namespace
} // namespace preforkd::config
