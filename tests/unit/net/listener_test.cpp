#include "net/listener.h"

#include <cerrno>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/time.h>
#include <unistd.h>

namespace preforkd::net {

namespace {

UniqueFd connect_to(const Listener& listener) {
    sockaddr_storage system;
    const auto length = listener.address.to_system(system);
    UniqueFd socket(::socket(system.ss_family, SOCK_STREAM, 0));
    EXPECT_EQ(::connect(socket.get(), reinterpret_cast<sockaddr*>(&system), length), 0);
    return socket;
}

const Address any_port = *Address::parse("127.0.0.1", 0);

template <class T>
T option(int socket, int level, int name) {
    T value{};
    socklen_t length = sizeof value;
    EXPECT_EQ(::getsockopt(socket, level, name, &value, &length), 0);
    return value;
}

} // namespace

TEST(Listener, ListensAtAnAddressThatTheMachineDoesNotHaveYet) {
    const auto elsewhere = *Address::parse("192.0.2.1", 0);
    EXPECT_FALSE(Listener::open(elsewhere, {}));
    EXPECT_TRUE(Listener::open(elsewhere, {.before_address_exists = true}));
}

TEST(Listener, SharesItsPortIfItIsTold) {
    const auto first = Listener::open(any_port, {.share_port = true});
    ASSERT_TRUE(first);
    EXPECT_TRUE(Listener::open(first->address, {.share_port = true}));
    EXPECT_FALSE(Listener::open(first->address, {}));
}

TEST(Listener, AcceptsWithBothEndsAddresses) {
    const auto listener = Listener::open(any_port, {});
    ASSERT_TRUE(listener);
    EXPECT_NE(listener->address.port(), 0);
    const auto client = connect_to(*listener);
    const auto accepted = accept_from(*listener);
    ASSERT_TRUE(accepted);
    EXPECT_EQ(accepted->client.text(), local_address_of(client.get()).text());
    EXPECT_EQ(local_address_of(accepted->socket.get()).text(), listener->address.text());
}

TEST(Listener, HoldsAConnectionBackUntilItsFirstByte) {
    const auto listener = Listener::open(any_port, {.defer_accept = 7, .non_blocking = true});
    ASSERT_TRUE(listener);
    const auto client = connect_to(*listener);
    const auto early = accept_from(*listener);
    ASSERT_FALSE(early);
    EXPECT_EQ(early.error().code, EAGAIN);
    ASSERT_EQ(::write(client.get(), "x", 1), 1);
    struct pollfd ready {
        listener->socket.get(), POLLIN, 0
    };
    EXPECT_EQ(::poll(&ready, 1, 5000), 1);
    EXPECT_TRUE(accept_from(*listener));
}

// Each saves every child a system call for every connection.
TEST(Listener, HandsItsOptionsOnToWhatItAccepts) {
    const auto listener = Listener::open(any_port, {.send_buffer_size = 16384,
                                                    .receive_buffer_size = 8192,
                                                    .receive_timeout = std::chrono::seconds(20)});
    ASSERT_TRUE(listener);
    const auto client = connect_to(*listener);
    const auto accepted = accept_from(*listener);
    ASSERT_TRUE(accepted);
    const int socket = accepted->socket.get();
    EXPECT_EQ(option<int>(socket, IPPROTO_TCP, TCP_NODELAY), 1);
    EXPECT_EQ(option<int>(socket, SOL_SOCKET, SO_KEEPALIVE), 1);
    // socket(7): twice as much as was asked for
    EXPECT_EQ(option<int>(socket, SOL_SOCKET, SO_SNDBUF), 2 * 16384);
    EXPECT_EQ(option<int>(socket, SOL_SOCKET, SO_RCVBUF), 2 * 8192);
    EXPECT_EQ(option<struct timeval>(socket, SOL_SOCKET, SO_RCVTIMEO).tv_sec, 20);
    EXPECT_EQ(option<struct timeval>(socket, SOL_SOCKET, SO_SNDTIMEO).tv_usec, 100'000);
}

TEST(Listener, SaysInApachesWordsThatAnAddressIsTaken) {
    const auto first = Listener::open(any_port, {});
    ASSERT_TRUE(first);
    const auto second = Listener::open(first->address, {});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, EADDRINUSE);
    EXPECT_EQ(second.error().what, "(98)Address already in use: AH00072: make_sock: could not bind "
                                   "to address " +
                                       first->address.text());
}

TEST(Listener, OnAnyAddressServesIpv4) {
    const auto listener = Listener::open_on_any_address(0, {});
    ASSERT_TRUE(listener);
    EXPECT_TRUE(listener->is_wildcard());
    const Listener as_ipv4{
        UniqueFd(), *Address::parse("127.0.0.1", listener->address.port()), {}, {}};
    const auto client = connect_to(as_ipv4);
    const auto accepted = accept_from(*listener);
    ASSERT_TRUE(accepted);
    EXPECT_EQ(accepted->client.ip(), "127.0.0.1");
}

TEST(Listener, AnswersAtOnceWhenItDoesNotBlock) {
    const auto listener = Listener::open(any_port, {.non_blocking = true});
    ASSERT_TRUE(listener);
    const auto accepted = accept_from(*listener);
    ASSERT_FALSE(accepted);
    EXPECT_EQ(accepted.error().code, EAGAIN);
}

TEST(ListenerSet, LetsReadyListenersTakeTurns) {
    std::vector<Listener> listeners;
    for (int i = 0; i < 2; ++i) listeners.push_back(std::move(*Listener::open(any_port, {})));
    ListenerSet set(listeners);
    std::vector<UniqueFd> clients;
    for (int i = 0; i < 2; ++i)
        for (const auto& listener : listeners) clients.push_back(connect_to(listener));
    std::vector<const Listener*> served;
    for (int i = 0; i < 4; ++i) {
        served.push_back(set.wait_for_connection());
        ASSERT_TRUE(accept_from(*served.back()));
    }
    EXPECT_EQ(served, (std::vector<const Listener*>{&listeners[0], &listeners[1], &listeners[0],
                                                    &listeners[1]}));
}

} // namespace preforkd::net
