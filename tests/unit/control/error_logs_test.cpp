#include "control/error_logs.h"

#include <filesystem>
#include <gtest/gtest.h>

#include "os/file.h"
#include "pipeline/host_settings.h"
#include "unit/control/configured.h"

namespace preforkd {

namespace {

struct ErrorLogs : testing::Test {
    void SetUp() override {
        std::filesystem::create_directories(root);
        configuration->server_root = root;
        configuration->main_server().server_settings.edit<config::ProcessSettings>().error_log =
            "main.log";
    }
    void TearDown() override { std::filesystem::remove_all(root); }
    const config::Server& add_host(std::optional<std::string> error_log) {
        configuration->servers.push_back(std::make_unique<config::Server>());
        auto& host = *configuration->servers.back();
        host.is_virtual = true;
        host.server_settings.edit<HostSettings>().error_log = std::move(error_log);
        return host;
    }
    static const OpenErrorLog* log_of(const config::Server& server) {
        return server.of<HostSettings>().open_log.get();
    }

    std::string root = testing::TempDir() + "error_logs_test." + std::to_string(::getpid());
    std::unique_ptr<config::Configuration> configuration = make_configuration();
};

} // namespace

TEST_F(ErrorLogs, AreOpenedOnceForEachName) {
    const auto& main = configuration->main_server();
    const auto& silent = add_host(std::nullopt);
    const auto& same = add_host("main.log");
    const auto& other = add_host(root + "/other.log");
    merge_settings(*configuration);
    ASSERT_TRUE(open_error_logs(*configuration));
    ASSERT_NE(log_of(main), nullptr);
    EXPECT_EQ(log_of(silent), log_of(main));
    EXPECT_EQ(log_of(same), log_of(main));
    EXPECT_NE(log_of(other), log_of(main));
    EXPECT_TRUE(std::filesystem::exists(root + "/main.log"));
    EXPECT_TRUE(std::filesystem::exists(root + "/other.log"));
}

TEST_F(ErrorLogs, ThatCannotBeOpenedAreReportedInApachesWords) {
    add_host("no/such/folder.log");
    merge_settings(*configuration);
    const auto opened = open_error_logs(*configuration);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().what,
              "(2)No such file or directory: AH00091: preforkd: could not open "
              "error log file " +
                  root + "/no/such/folder.log.");
}

} // namespace preforkd
