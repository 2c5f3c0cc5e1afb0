#include "os/service_manager.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace preforkd {
namespace {

class ServiceManagerTest : public ::testing::Test {
  protected:
    void SetUp() override {
        for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS",
                                 "LISTEN_PID", "LISTEN_FDNAMES"})
            ::unsetenv(name);
    }
    static std::string own_pid() { return std::to_string(::getpid()); }
};

TEST_F(ServiceManagerTest, DoesNotListenWhereThereIsNone) {
    auto manager = ServiceManager::from_environment();
    EXPECT_FALSE(manager.listens());
    EXPECT_EQ(manager.watchdog().count(), 0);
    EXPECT_TRUE(manager.take_sockets().empty());
    manager.tell("READY=1");
}

TEST_F(ServiceManagerTest, HearsWhatIsSaidThroughAnAbstractSocket) {
    const std::string name = "preforkd-unit-" + own_pid();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path + 1, name.size());
    const UniqueFd listening(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(::bind(listening.get(), reinterpret_cast<sockaddr*>(&address),
                     static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size())),
              0);
    ::setenv("NOTIFY_SOCKET", ("@" + name).c_str(), 1);
    ServiceManager::from_environment().tell("READY=1\nSTATUS=up");
    EXPECT_EQ(::getenv("NOTIFY_SOCKET"), nullptr);
    char heard[64] = {};
    EXPECT_EQ(::recv(listening.get(), heard, sizeof heard, MSG_DONTWAIT), 17);
    EXPECT_STREQ(heard, "READY=1\nSTATUS=up");
}

TEST_F(ServiceManagerTest, WhoseNameIsTooLongIsNotSpokenTo) {
    ::setenv("NOTIFY_SOCKET", std::string(200, '/').c_str(), 1);
    ServiceManager::from_environment().tell("READY=1");
}

TEST_F(ServiceManagerTest, IsToBeFedByTheProcessItNames) {
    ::setenv("WATCHDOG_USEC", "5000000", 1);
    ::setenv("WATCHDOG_PID", own_pid().c_str(), 1);
    EXPECT_EQ(ServiceManager::from_environment().watchdog(), std::chrono::seconds(5));
    ::setenv("WATCHDOG_USEC", "5000000", 1);
    ::setenv("WATCHDOG_PID", "1", 1);
    EXPECT_EQ(ServiceManager::from_environment().watchdog().count(), 0);
}

TEST_F(ServiceManagerTest, GivesNoSocketsToOtherProcesses) {
    ::setenv("LISTEN_FDS", "1", 1);
    ::setenv("LISTEN_PID", "1", 1);
    EXPECT_TRUE(ServiceManager::from_environment().take_sockets().empty());
    EXPECT_EQ(::getenv("LISTEN_FDS"), nullptr);
    EXPECT_EQ(::getenv("LISTEN_PID"), nullptr);
}

} // namespace
} // namespace preforkd
