#include "app/migrate/flat_configuration.h"

#include <filesystem>
#include <gtest/gtest.h>

#include "app/complete_configuration.h"
#include "os/file.h"
#include "os/temporary_folder.h"

namespace preforkd::migrate {

namespace {

namespace filesystem = std::filesystem;

// A ServerRoot as the configurations of tests/configuration expect it.
class FlatConfigurations : public testing::Test {
  protected:
    FlatConfigurations() : folder_(std::move(*TemporaryFolder::create("flat"))) {
        register_settings();
        const filesystem::path cases = filesystem::path(TESTS_DIRECTORY) / "configuration";
        filesystem::copy(cases / "files", root() + "/files", filesystem::copy_options::recursive);
        filesystem::copy(cases / "foreword.conf", root());
        for (const auto* name : {"/www", "/preview"}) filesystem::create_directory(root() + name);
    }

    const std::string& root() const { return folder_.path(); }

    CommandLine line_for(const std::string& file) const {
        CommandLine line;
        line.server_root = root();
        line.file = file;
        return line;
    }

    std::string flat(const std::string& text) {
        EXPECT_TRUE(replace_file(root() + "/httpd.conf", text));
        const auto flat = flatten(line_for(root() + "/httpd.conf"), root() + "/preview", 9000);
        EXPECT_TRUE(flat) << flat.error().what;
        return flat ? flat->text : std::string();
    }

    // Empty where it is accepted.
    std::string complaint_about(const std::string& file) {
        const auto read = read_completely(line_for(file));
        const auto* error = std::get_if<config::ConfigError>(&read);
        return error ? error->text() : std::string();
    }

    TemporaryFolder folder_;
};

bool has(const std::string& text, const std::string& line) {
    return text.find(line + "\n") != std::string::npos;
}

} // namespace

TEST_F(FlatConfigurations, MovePortsAndTheAddressesThatNameThem) {
    const auto text = flat("Listen 80\nListen [::1]:443\nListen 8080 http\nListen 8443 https\n"
                           "<VirtualHost *:443 10.0.0.1:8080>\nServerName a\n</VirtualHost>\n"
                           "<VirtualHost *>\n</VirtualHost>\n");
    for (const auto* line :
         {"Listen 9000", "Listen [::1]:9001 https", "Listen 9002 http", "Listen 9003 https",
          "<VirtualHost *:9001 10.0.0.1:9002>", "    ServerName a", "<VirtualHost *>"})
        EXPECT_TRUE(has(text, line)) << line << "\n" << text;
}

TEST_F(FlatConfigurations, WriteNothingWhereTheOtherServerDoes) {
    const auto text = flat("PidFile x.pid\nMutex file:/run/x default\nScoreBoardFile x\n"
                           "ErrorLog \"|prog a\"\nCustomLog /var/log/a b\nTransferLog /other/a\n"
                           "CustomLog /var/log/a c\n"
                           "SSLSessionCache \"shmcb:/run/x/scache(512000)\"\n");
    const std::string folder = root() + "/preview";
    for (const auto& line :
         {"ErrorLog \"" + folder + "/log\"", "CustomLog \"" + folder + "/a\" b",
          "TransferLog \"" + folder + "/2-a\"", "CustomLog \"" + folder + "/a\" c",
          "SSLSessionCache \"shmcb:" + folder + "/scache(512000)\"",
          "PidFile \"" + folder + "/preforkd.pid\""})
        EXPECT_TRUE(has(text, line)) << line << "\n" << text;
    for (const auto* word : {"x.pid", "Mutex", "ScoreBoardFile", "/var/log", "/run"})
        EXPECT_EQ(text.find(word), std::string::npos) << word;
}

TEST_F(FlatConfigurations, HaveEverythingDecided) {
    const auto text = flat("LoadModule macro_module x\nDefine A \"a b\"\nDefine B\n<IfDefine B>\n"
                           "KeepAlive ${A}\n</IfDefine>\n<IfModule no.c>\nBogus\n</IfModule>\n"
                           "<Macro M $x>\n<Directory $x>\n</Directory>\n</Macro>\nUse M /d\n");
    EXPECT_TRUE(has(text, "KeepAlive a b"));
    EXPECT_TRUE(has(text, "<Directory /d>"));
    EXPECT_TRUE(has(text, "Define A \"a b\"\nDefine B"));
    for (const auto* word : {"IfDefine", "Bogus", "Macro", "Use", "IfModule"})
        EXPECT_EQ(text.find(word), std::string::npos) << word;
}

TEST_F(FlatConfigurations, AreAcceptedWhereTheirSourceIs) {
    int count = 0;
    const filesystem::path cases = filesystem::path(TESTS_DIRECTORY) / "configuration/accepted";
    for (const auto& entry : filesystem::directory_iterator(cases)) {
        if (entry.path().extension() != ".conf") continue;
        const std::string source = root() + "/httpd.conf", preview = root() + "/preview.conf";
        filesystem::copy_file(entry.path(), source, filesystem::copy_options::overwrite_existing);
        if (!complaint_about(source).empty()) continue;
        const auto flat = flatten(line_for(source), root() + "/preview", 9000);
        ASSERT_TRUE(flat) << entry.path() << flat.error().what;
        ASSERT_TRUE(replace_file(preview, flat->text));
        EXPECT_EQ(complaint_about(preview), "") << entry.path();
        ++count;
    }
    EXPECT_GT(count, 50);
}

} // namespace preforkd::migrate
