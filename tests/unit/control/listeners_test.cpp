#include "control/listeners.h"

#include <cerrno>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "unit/control/configured.h"

namespace preforkd {

namespace {

std::unique_ptr<config::Configuration> listening_on(std::vector<unsigned short> ports) {
    auto configuration = make_configuration();
    auto& settings = configuration->main_server().server_settings.edit<config::ProcessSettings>();
    for (const auto port : ports)
        settings.listen.push_back({.host = "127.0.0.1", .port = port, .protocol = {}, .place = {}});
    merge_settings(*configuration);
    return configuration;
}

// Which socket a descriptor means.
ino_t socket_behind(const net::Listener& listener) {
    struct stat status {};
    EXPECT_EQ(::fstat(listener.socket.get(), &status), 0);
    return status.st_ino;
}

int option(int socket, int level, int name) {
    int value = 0;
    socklen_t length = sizeof value;
    EXPECT_EQ(::getsockopt(socket, level, name, &value, &length), 0);
    return value;
}

// Where the kernel tells it, of a socket that listens.
unsigned backlog_of(int socket) {
    struct tcp_info facts {};
    socklen_t length = sizeof facts;
    EXPECT_EQ(::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &facts, &length), 0);
    return facts.tcpi_sacked;
}

int deferred_seconds(const net::Listener& listener) {
    int seconds = -1;
    socklen_t length = sizeof seconds;
    ::getsockopt(listener.socket.get(), IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, &length);
    return seconds;
}

unsigned short free_port() {
    return net::Listener::open(*net::Address::parse("127.0.0.1", 0), {})->address.port();
}

} // namespace

TEST(Listeners, StayOpenFromOneConfigurationToTheNext) {
    const auto kept = free_port(), removed = free_port(), added = free_port();
    const auto before = open_listeners(*listening_on({removed, kept}), {});
    ASSERT_TRUE(before);
    const auto after = open_listeners(*listening_on({kept, added}), *before);
    ASSERT_TRUE(after) << after.error().what;
    EXPECT_EQ(socket_behind(after->open[0]), socket_behind(before->open[1]));
    EXPECT_NE(socket_behind(after->open[1]), socket_behind(before->open[0]));
    EXPECT_EQ(after->open[1].address.port(), added);
}

TEST(Listeners, HaveTheOptionsThatTheirConfigurationSays) {
    const auto configuration = listening_on({free_port()});
    auto& settings = configuration->main_server().server_settings.edit<config::ProcessSettings>();
    settings.listen_backlog = 7;
    settings.send_buffer_size = 20000;
    settings.receive_buffer_size = 30000;
    settings.defer_accept = 7;
    merge_settings(*configuration);
    auto listeners = open_listeners(*configuration, {});
    ASSERT_TRUE(listeners);
    const int socket = listeners->open[0].socket.get();
    EXPECT_EQ(backlog_of(socket), 7U);
    EXPECT_EQ(option(socket, SOL_SOCKET, SO_SNDBUF), 2 * 20000); // Linux doubles it
    EXPECT_EQ(option(socket, SOL_SOCKET, SO_RCVBUF), 2 * 30000);
    EXPECT_EQ(option(socket, IPPROTO_TCP, TCP_DEFER_ACCEPT), 7);

    auto& changed = configuration->main_server().server_settings.edit<config::ProcessSettings>();
    changed.listen_backlog = 9;
    changed.deferred_protocols.clear();
    merge_settings(*configuration);
    adjust_listeners(*listeners, *configuration);
    EXPECT_EQ(backlog_of(socket), 9U);
    EXPECT_EQ(option(socket, IPPROTO_TCP, TCP_DEFER_ACCEPT), 0);
}

TEST(Listeners, ThatCannotBeOpenedLeaveTheOldOnesAlone) {
    const auto port = free_port(), taken = free_port();
    const auto occupant = net::Listener::open(*net::Address::parse("127.0.0.1", taken), {});
    const auto before = open_listeners(*listening_on({port}), {});
    ASSERT_TRUE(before);
    const auto after = open_listeners(*listening_on({port, taken}), *before);
    ASSERT_FALSE(after);
    EXPECT_EQ(after.error().code, EADDRINUSE);
    int listening = 0;
    socklen_t length = sizeof listening;
    ::getsockopt(before->open[0].socket.get(), SOL_SOCKET, SO_ACCEPTCONN, &listening, &length);
    EXPECT_EQ(listening, 1);
}

TEST(Listeners, ThatWereGivenServeTheListenLineWithTheirPortAndAddress) {
    auto socket = net::Listener::open(*net::Address::parse("127.0.0.1", 0), {});
    ASSERT_TRUE(socket);
    const auto port = socket->address.port();
    const ino_t behind = socket_behind(*socket);
    std::vector<UniqueFd> sockets;
    sockets.push_back(std::move(socket->socket));
    sockets.emplace_back(::socket(AF_INET, SOCK_STREAM, 0)); // does not listen
    Listeners before;
    before.given = adopt_sockets(std::move(sockets));
    ASSERT_EQ(before.given.size(), 1u);
    const auto taken = open_listeners(*listening_on({port}), before);
    ASSERT_TRUE(taken) << taken.error().what;
    EXPECT_EQ(socket_behind(taken->open[0]), behind);
    EXPECT_TRUE(taken->have(before.given[0].address));
    const auto other = open_listeners(*listening_on({free_port()}), before);
    ASSERT_TRUE(other);
    EXPECT_FALSE(other->have(before.given[0].address));
}

TEST(Listeners, ThatWereLentGoOnListening) {
    auto socket = net::Listener::open(*net::Address::parse("127.0.0.1", 0), {});
    ASSERT_TRUE(socket);
    std::vector<UniqueFd> sockets;
    sockets.push_back(duplicate_descriptor(socket->socket.get()));
    const auto lent = adopt_sockets(std::move(sockets));
    ASSERT_EQ(lent.size(), 1u);
    lent[0].duplicate()->stop_listening();
    int listening = 0;
    socklen_t length = sizeof listening;
    ::getsockopt(socket->socket.get(), SOL_SOCKET, SO_ACCEPTCONN, &listening, &length);
    EXPECT_EQ(listening, 1);
}

// Apache: AcceptFilter, ListenTCPDeferAccept
TEST(Listeners, DeferConnectionsByTheProtocolOfTheirListenLine) {
    auto configuration = listening_on({free_port(), free_port(), free_port()});
    auto& settings = configuration->main_server().server_settings.edit<config::ProcessSettings>();
    settings.listen[1].protocol = "https";
    settings.listen[2].protocol = "nntp";
    settings.defer_accept = 7; // a number that the system need not round
    merge_settings(*configuration);
    auto listeners = open_listeners(*configuration, {});
    ASSERT_TRUE(listeners) << listeners.error().what;
    EXPECT_EQ(deferred_seconds(listeners->open[0]), 7);
    EXPECT_EQ(deferred_seconds(listeners->open[1]), 7);
    EXPECT_EQ(deferred_seconds(listeners->open[2]), 0);

    settings.deferred_protocols = {"nntp"};
    merge_settings(*configuration);
    adjust_listeners(*listeners, *configuration);
    EXPECT_EQ(deferred_seconds(listeners->open[0]), 0);
    EXPECT_EQ(deferred_seconds(listeners->open[1]), 0);
    EXPECT_EQ(deferred_seconds(listeners->open[2]), 7);
}

} // namespace preforkd
