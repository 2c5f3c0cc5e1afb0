#include "child/acceptor.h"

#include <cerrno>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <unistd.h>

namespace preforkd {

namespace {

std::vector<net::Listener> one_listener() {
    std::vector<net::Listener> listeners;
    listeners.push_back(std::move(*net::Listener::open(*net::Address::parse("127.0.0.1", 0), {})));
    return listeners;
}

UniqueFd connect_to(const net::Listener& listener) {
    sockaddr_storage system;
    const auto length = listener.address.to_system(system);
    UniqueFd socket(::socket(AF_INET, SOCK_STREAM, 0));
    EXPECT_EQ(::connect(socket.get(), reinterpret_cast<sockaddr*>(&system), length), 0);
    return socket;
}

// Leaves this process no descriptor but those that are open.
class NoDescriptorLeft {
  public:
    NoDescriptorLeft() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const UniqueFd next(::dup(STDIN_FILENO));
        const rlimit limit{static_cast<rlim_t>(next.get()), before_.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    ~NoDescriptorLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }

  private:
    rlimit before_{};
};

} // namespace

TEST(Acceptor, IsSickWithoutADescriptorAndLeavesTheConnectionToOthers) {
    const auto listeners = one_listener();
    const auto client = connect_to(listeners[0]);
    Acceptor acceptor(listeners, nullptr);
    {
        const NoDescriptorLeft shortage;
        const auto next = acceptor.next();
        const auto* none = std::get_if<NoArrival>(&next);
        ASSERT_TRUE(none);
        EXPECT_EQ(none->status, pool::exit_sick);
        EXPECT_EQ(none->code, EMFILE);
    }
    EXPECT_TRUE(std::holds_alternative<Arrival>(acceptor.next()));
}

TEST(Acceptor, IsDoneWhenNobodyListensAnyMore) {
    const auto listeners = one_listener();
    listeners[0].stop_listening();
    const auto next = Acceptor(listeners, nullptr).next();
    const auto* none = std::get_if<NoArrival>(&next);
    ASSERT_TRUE(none);
    EXPECT_EQ(none->status, pool::exit_done);
}

TEST(Acceptor, CannotGoOnAfterAnythingElse) {
    std::vector<net::Listener> listeners;
    listeners.push_back({.socket = UniqueFd(::dup(STDIN_FILENO)), .address = {}});
    const auto next = Acceptor(listeners, nullptr).next();
    const auto* none = std::get_if<NoArrival>(&next);
    ASSERT_TRUE(none);
    EXPECT_EQ(none->status, pool::exit_start);
    EXPECT_EQ(none->code, ENOTSOCK);
}

} // namespace preforkd
