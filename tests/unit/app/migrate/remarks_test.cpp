#include "app/migrate/remarks.h"

#include <gtest/gtest.h>

#include "app/migrate/pages.h"
#include "pipeline/module.h"

namespace preforkd::migrate {

namespace {

bool is_a_directive(std::string_view name) {
    for (const Module& module : all_modules())
        for (const auto& row : module.directives)
            if (row.name == name) return true;
    return false;
}

} // namespace

TEST(Remarks, StandOnThePagesOfTheDocumentation) {
    for (const Remark& remark : remarks()) {
        const bool found = !find_on_page(differences_page(), remark.phrase).empty() ||
                           !find_on_page(deferred_page(), remark.phrase).empty();
        EXPECT_TRUE(found) << "no paragraph begins with \"" << remark.phrase
                           << "\": drop its rows, or say how it begins now";
        EXPECT_TRUE(is_a_directive(remark.directive)) << remark.directive;
    }
}

TEST(Remarks, DependOnArguments) {
    EXPECT_EQ(difference_of("FileETag", {"MTime", "Size"}), "");
    EXPECT_TRUE(difference_of("fileetag", {"+inode"}).starts_with("FileETag +INode adds"));
    EXPECT_EQ(difference_of("Alias", {"/a", "/b"}), "");
    EXPECT_EQ(difference_of("LoadModule", {"alias_module", "x"}), "");
    EXPECT_NE(difference_of("LoadModule", {"mpm_event_module", "x"}), "");
}

TEST(Remarks, TellWhatIsMissingOfADirectiveThatIsObeyedLater) {
    EXPECT_EQ(missing_of("BalancerPersist"), "nothing changes the balancers while the server runs");
    EXPECT_EQ(missing_of("Alias"), "");
}

TEST(Remarks, AreTakenFromAPageAsPlainText) {
    const std::string_view page = "# Title\n\nA `word` and\nmore.\n\n- **First** item\n  goes "
                                  "[on](x.md).\n- Second\n\n| a | b |\n|---|---|\n| `x`, y | z |\n";
    EXPECT_EQ(find_on_page(page, "A word"), "A word and more.");
    EXPECT_EQ(find_on_page(page, "First"), "First item goes on.");
    EXPECT_EQ(find_on_page(page, "x, y"), "x, y: z");
    EXPECT_EQ(find_on_page(page, "Third"), "");
}

} // namespace preforkd::migrate
