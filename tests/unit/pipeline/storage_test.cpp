#include "pipeline/storage.h"

#include <gtest/gtest.h>

#include "support/site.h"

namespace preforkd::testing {

namespace fs = std::filesystem;

TEST(Storage, RefusesLinksWhereOptionsDoNotFollowThem) {
    Site site;
    site.file("real.txt", "hello");
    fs::create_symlink(site.root() / "real.txt", site.root() / "link.txt");
    EXPECT_EQ(status_of(site.get("/link.txt")), 200);
    site.everywhere().options = OptionsChange{.replaces = true};
    EXPECT_EQ(status_of(site.get("/link.txt")), 403);
    EXPECT_EQ(status_of(site.get("/real.txt")), 200);
}

TEST(Storage, RefusesLinkedDirectoriesOnTheWay) {
    Site site;
    site.file("real/a.txt", "hello");
    fs::create_directory_symlink(site.root() / "real", site.root() / "link");
    site.everywhere().options = OptionsChange{.replaces = true};
    EXPECT_EQ(status_of(site.get("/link/a.txt")), 403);
}

TEST(Storage, FollowsLinksOfTheSameOwner) {
    Site site;
    site.file("real.txt", "hello");
    fs::create_symlink(site.root() / "real.txt", site.root() / "link.txt");
    site.everywhere().options = OptionsChange{.replaces = true, .set = option_symlinks_if_owner};
    EXPECT_EQ(status_of(site.get("/link.txt")), 200);
}

TEST(Storage, AnswersNotFoundBehindMissingNames) {
    Site site;
    EXPECT_EQ(status_of(site.get("/none")), 404);
    EXPECT_EQ(status_of(site.get("/none/further/down/")), 404);
}

TEST(Storage, StaysBelowTheDocumentRoot) {
    Site site;
    site.file("secret", "s");
    site.host().document_root = (site.root() / "site").string();
    site.file("site/a.txt", "a");
    EXPECT_EQ(status_of(site.get("/../secret")), 400);
    EXPECT_EQ(status_of(site.get("/a/%2e%2e/%2e%2e/secret")), 400);
    EXPECT_EQ(status_of(site.get("/%2e%2e%2fsecret")), 404);
    EXPECT_EQ(status_of(site.get("/b/../a.txt")), 200);
}

TEST(Storage, AppliesTheSettingsOfTheDirectory) {
    Site site;
    site.file("in/a.txt", "a");
    site.directory((site.root() / "in").string()).settings.edit<ContentSettings>().forced_type =
        "text/x-in";
    site.file("b.txt", "b");
    EXPECT_EQ(field_of(site.get("/in/a.txt"), "Content-Type"), "text/x-in");
    EXPECT_EQ(field_of(site.get("/b.txt"), "Content-Type"), "");
}

TEST(Storage, LetsLocationsWinOverDirectories) {
    Site site;
    site.file("in/a.txt", "a");
    site.directory((site.root() / "in").string()).settings.edit<ContentSettings>().forced_type =
        "text/x-directory";
    site.location("/in").settings.edit<ContentSettings>().forced_type = "text/x-location";
    EXPECT_EQ(field_of(site.get("/in/a.txt"), "Content-Type"), "text/x-location");
}

} // namespace preforkd::testing
