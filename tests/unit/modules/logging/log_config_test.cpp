#include <filesystem>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "config/merge_servers.h"
#include "modules/logging/log_settings.h"
#include "modules/modules.h"
#include "os/file.h"
#include "unit/modules/logging/logged_request.h"
#include "unit/modules/server/one_directive.h"

namespace preforkd::testing {

namespace {

using logging::AccessLogSettings;

// A server with a folder for its logs, and a host on it.
class LogConfig : public ::testing::Test {
  protected:
    LogConfig() {
        std::string pattern = std::filesystem::temp_directory_path() / "preforkd-logs-XXXXXX";
        folder = ::mkdtemp(pattern.data());
        module.configuration().server_root = folder;
        module.configuration().servers.push_back(std::make_unique<config::Server>());
    }
    ~LogConfig() override { std::filesystem::remove_all(folder); }

    config::Server& host() { return *module.configuration().servers[1]; }

    Status open() {
        config::merge_servers<AccessLogSettings>(module.configuration());
        return logging::open_access_logs(module.configuration(), programs);
    }
    void log(const config::Server& server) {
        logged.first.server = logged.last.server = &server;
        log_config_module().hooks.log_transaction(logged.last);
    }
    std::string content(const std::string& name) {
        return read_whole_file(folder + "/" + name).value();
    }

    OneDirective module{log_config_module()};
    LoggedRequest logged;
    LogPrograms programs;
    std::string folder;
};

} // namespace

TEST_F(LogConfig, RefusesConditionsInApachesWords) {
    EXPECT_EQ(module.apply("CustomLog", {"x", "%h", "foo"}), "error in condition clause");
    EXPECT_EQ(module.apply("CustomLog", {"x", "%h", "env="}), "missing environment variable name");
    EXPECT_EQ(module.apply("CustomLog", {"x", "%h", "env=!"}), "missing environment variable name");
    EXPECT_EQ(module.apply("CustomLog", {"x", "%h", "expr="}), "missing condition");
    EXPECT_EQ(module.apply("CustomLog", {"x", "%h", "expr=%{NOPE}"}),
              "Variable 'NOPE' does not exist");
    EXPECT_EQ(module.apply("CustomLog", {"x", "%Q"}), "Unrecognized LogFormat directive %Q");
    EXPECT_EQ(module.apply("LogFormat", {"%Q", "q"}), "Unrecognized LogFormat directive %Q");
}

TEST_F(LogConfig, FindsAFormatByItsNicknameWhereverThatIsGiven) {
    EXPECT_EQ(module.apply("CustomLog", {"a.log", "short"}), "");
    EXPECT_EQ(module.apply("LogFormat", {"%m %U", "Short"}), "");
    ASSERT_TRUE(open());
    log(module.server());
    EXPECT_EQ(content("a.log"), "GET /a\n");
}

TEST_F(LogConfig, WritesTransferLogsInTheLastFormatOrTheCommonOne) {
    EXPECT_EQ(module.apply("TransferLog", {"a.log"}), "");
    host().server_settings.edit<AccessLogSettings>().usual_format = "%v";
    host().name = "host.test";
    ASSERT_TRUE(open());
    log(module.server());
    log(host());
    const auto lines = content("a.log");
    EXPECT_TRUE(lines.starts_with("192.0.2.7 - - ["));
    EXPECT_TRUE(lines.ends_with("\"GET /a?b=c HTTP/1.1\" 200 -\nhost.test\n"));
}

TEST_F(LogConfig, AsksTheFirstRequestForTheVariable) {
    EXPECT_EQ(module.apply("CustomLog", {"with.log", "%U", "env=image"}), "");
    EXPECT_EQ(module.apply("CustomLog", {"without.log", "%U", "env=!image"}), "");
    ASSERT_TRUE(open());
    log(module.server());
    EXPECT_EQ(content("with.log"), "");
    EXPECT_EQ(content("without.log"), "/a\n");
    logged.first.set_variable("image", "1");
    log(module.server());
    EXPECT_EQ(content("with.log"), "/a\n");
    EXPECT_EQ(content("without.log"), "/a\n");
}

TEST_F(LogConfig, GivesAHostTheMainServersLogs) {
    EXPECT_EQ(module.apply("CustomLog", {"main.log", "%U"}), "");
    EXPECT_EQ(module.apply("GlobalLog", {"global.log", "%U"}), "");
    ASSERT_TRUE(open());
    log(host());
    EXPECT_EQ(content("main.log"), "/a\n");
    EXPECT_EQ(content("global.log"), "/a\n");
}

TEST_F(LogConfig, GivesAHostThatHasLogsOnlyTheGlobalOnes) {
    EXPECT_EQ(module.apply("CustomLog", {"main.log", "%U"}), "");
    EXPECT_EQ(module.apply("GlobalLog", {"global.log", "%U"}), "");
    auto own = std::make_shared<logging::AccessLog>();
    own->target = "own.log";
    host().server_settings.edit<AccessLogSettings>().logs.push_back(own);
    ASSERT_TRUE(open());
    log(host());
    EXPECT_EQ(content("main.log"), "");
    EXPECT_EQ(content("global.log"), "/a\n");
    EXPECT_NE(content("own.log"), "");
}

TEST_F(LogConfig, TellsOfALogThatCannotBeOpened) {
    EXPECT_EQ(module.apply("CustomLog", {"none/a.log", "%h"}), "");
    config::merge_servers<AccessLogSettings>(module.configuration());
    EXPECT_EQ(logging::check_log_folders(module.configuration()).error().what,
              "(2)No such file or directory: AH02297: Cannot access directory '" + folder +
                  "/none/' for log file 'none/a.log' defined at /etc/x.conf:7");
    const auto opened = open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().what,
              "(2)No such file or directory: AH00649: could not open transfer log file " + folder +
                  "/none/a.log.");
}

TEST_F(LogConfig, HandsLinesToAProgram) {
    EXPECT_EQ(module.apply(
                  "CustomLog",
                  {"|$cat > " + folder + "/piped.log; echo end >> " + folder + "/piped.log", "%U"}),
              "");
    ASSERT_TRUE(open());
    ASSERT_EQ(programs.size(), 1U);
    log(module.server());
    const auto pid = programs[0]->pid();
    programs.clear();
    module.configuration().servers.clear(); // the last to hold the pipe
    ASSERT_EQ(::waitpid(pid, nullptr, 0), pid);
    EXPECT_EQ(content("piped.log"), "/a\nend\n");
}

} // namespace preforkd::testing
