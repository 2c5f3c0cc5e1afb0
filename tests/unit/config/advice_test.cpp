#include "config/advice.h"

#include <array>
#include <gtest/gtest.h>

namespace preforkd::config {
namespace {

constexpr std::array enabled{Directive{.name = "MaxSpareServers"}, Directive{.name = "<Directory"},
                             Directive{.name = "Listen"}};
constexpr std::array optional{Directive{.name = "Header"}, Directive{.name = "<Macro"}};

std::string advice(std::string_view name) {
    DirectiveTable known;
    for (const auto& directive : enabled) known.add(directive, "core.c");
    const std::array modules{ModuleRows{.identifier = "headers_module",
                                        .source = "mod_headers.c",
                                        .built_in = false,
                                        .directives = optional}};
    return advice_on(name, known, modules);
}

TEST(Advice, NamesADirectiveThatIsSpeltAlmostLikeThis) {
    EXPECT_EQ(advice("MaxSpareServer"), "Hint: did you mean MaxSpareServers?");
    EXPECT_EQ(advice("maxspaerservers"), "Hint: did you mean MaxSpareServers?");
    EXPECT_EQ(advice("<Direktory"), "Hint: did you mean <Directory>?");
    EXPECT_EQ(advice("Listne"), ""); // two of six letters
}

TEST(Advice, NamesTheModuleThatIsNotLoaded) {
    EXPECT_EQ(advice("header"),
              "Hint: Header needs 'LoadModule headers_module modules/mod_headers.so' before it "
              "(Debian: a2enmod headers)");
    EXPECT_EQ(advice("<Macro"),
              "Hint: <Macro> needs 'LoadModule headers_module modules/mod_headers.so' before it "
              "(Debian: a2enmod headers)");
}

TEST(Advice, SaysWhatADirectiveWantsWhereTheErrorDoesNot) {
    const Directive listen{.name = "Listen", .usage = "a port number"};
    EXPECT_EQ(advice_on_use(listen, "Invalid address or port"), "Hint: Listen: a port number");
    EXPECT_EQ(advice_on_use(listen, "Listen requires 1 or 2 arguments."), "");
    EXPECT_EQ(advice_on_use(listen, "takes one argument, a port number"), "");
    EXPECT_EQ(advice_on_use(Directive{.name = "Listen"}, "Invalid address or port"), "");
}

TEST(Advice, KeepsSilentAboutWhatIsLikeNothing) {
    EXPECT_EQ(advice("Frobnicate"), "");
    EXPECT_EQ(advice("x"), "");
    EXPECT_EQ(advice(""), "");
}

} // namespace
} // namespace preforkd::config
