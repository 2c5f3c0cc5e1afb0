#include "config/merge_servers.h"

#include <gtest/gtest.h>

#include "unit/config/language.h"

namespace preforkd::config {
namespace {

using testing::Named;
using testing::Told;
using testing::Words;

class MergeServers : public ::testing::Test, public testing::Language {
  protected:
    const Server& server(std::size_t number) const { return *configuration->servers.at(number); }
    // Of two hosts the first says something; the main server changes its mind.
    void read_what_is_said_later() {
        ASSERT_TRUE(read("First a\n<VirtualHost *>\nSecond b\n</VirtualHost>\n<VirtualHost *>\n"
                         "</VirtualHost>\n"));
        configuration->main_server().server_settings.edit<Named>().first = "later";
    }
    static Words patterns(const std::vector<const Section*>& sections) {
        Words names;
        for (const auto* section : sections) names.push_back(section->pattern);
        return names;
    }
};

TEST_F(MergeServers, GivesAHostWhatOnlyTheMainServerSays) {
    ASSERT_TRUE(read("<VirtualHost *>\nSecond b\n</VirtualHost>\nFirst a\nSecond x\n"));
    EXPECT_EQ(server(1).of<Named>().first, "a");
    EXPECT_EQ(server(1).of<Named>().second, "b");
    EXPECT_EQ(server(0).of<Named>().second, "x");
}

TEST_F(MergeServers, KeepsHostsApart) {
    ASSERT_TRUE(read("<VirtualHost *>\nFirst a\n</VirtualHost>\n<VirtualHost *>\nSecond b\n"
                     "</VirtualHost>\n"));
    EXPECT_EQ(server(2).of<Named>().first, std::nullopt);
    EXPECT_EQ(server(1).of<Named>().second, std::nullopt);
    EXPECT_EQ(server(0).of<Named>().first, std::nullopt);
}

TEST_F(MergeServers, SeesWhatTheMainServerSaidLater) {
    read_what_is_said_later();
    merge_servers<Named>(*configuration);
    EXPECT_EQ(server(1).of<Named>().first, "later");
    EXPECT_EQ(server(1).of<Named>().second, "b");
    EXPECT_EQ(server(2).of<Named>().first, "later");
}

TEST_F(MergeServers, KeepsOneOfWhatIsMergedForGood) {
    read_what_is_said_later();
    merge_servers<Named>(*configuration, Merging::for_good);
    EXPECT_EQ(&server(1).of<Named>(), server(1).server_settings.find<Named>());
    EXPECT_EQ(server(1).of<Named>().first, "later");
    EXPECT_EQ(server(1).of<Named>().second, "b");
    EXPECT_EQ(&server(2).of<Named>(), &server(0).of<Named>());
}

TEST_F(MergeServers, PutsAHostsOwnDirectorySettingsBehindTheMainServers) {
    ASSERT_TRUE(read("<VirtualHost *>\nTell host\n</VirtualHost>\nTell main\n"));
    EXPECT_EQ(server(1).directory_merged.of<Told>().words, (Words{"main", "host"}));
    EXPECT_EQ(server(0).directory_merged.of<Told>().words, Words{"main"});
}

TEST_F(MergeServers, ListsAHostsSectionsBehindTheMainServers) {
    ASSERT_TRUE(read("<VirtualHost *>\n<Location /host>\n</Location>\n<Files host>\n</Files>\n"
                     "</VirtualHost>\n<Location /main>\n</Location>\n<Files main>\n</Files>\n"));
    EXPECT_EQ(patterns(server(1).all_locations), (Words{"/main", "/host"}));
    EXPECT_EQ(patterns(server(1).all_files), (Words{"main", "host"}));
    EXPECT_EQ(patterns(server(0).all_locations), Words{"/main"});
}

TEST_F(MergeServers, SortsDirectoriesOfBothByDepth) {
    ASSERT_TRUE(read("<Directory /a/b>\n</Directory>\n<DirectoryMatch m>\n</DirectoryMatch>\n"
                     "<VirtualHost *>\n<Directory /a>\n</Directory>\n<Directory /c/d>\n"
                     "</Directory>\n<DirectoryMatch h>\n</DirectoryMatch>\n</VirtualHost>\n"));
    EXPECT_EQ(patterns(server(1).all_directories), (Words{"/a", "/a/b", "/c/d", "m", "h"}));
}

} // namespace
} // namespace preforkd::config
