#include "child/departure.h"

#include <csignal>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child/acceptor.h"
#include "os/deadline.h"

namespace preforkd {

namespace {

std::vector<net::Listener> open_listeners(int count) {
    std::vector<net::Listener> listeners;
    for (int i = 0; i < count; ++i)
        listeners.push_back(std::move(*net::Listener::open(*net::Address::parse("127.0.0.1", 0),
                                                           {.non_blocking = count > 1})));
    return listeners;
}

// A process that waits for connections until it is told to leave; ends with the status of that.
pid_t fork_acceptor(std::span<const net::Listener> listeners, pool::AcceptMutex* mutex) {
    int ready[2];
    EXPECT_EQ(::pipe(ready), 0);
    const pid_t pid = ::fork();
    if (pid == 0) {
        obey_departure_signals(listeners, {}, OnSignal::may_end_process);
        Acceptor acceptor(listeners, mutex);
        [[maybe_unused]] const auto written = ::write(ready[1], "", 1);
        const auto next = acceptor.next();
        const auto* none = std::get_if<NoArrival>(&next);
        ::_exit(none ? none->status : 99);
    }
    char word;
    EXPECT_EQ(::read(ready[0], &word, 1), 1);
    ::close(ready[0]);
    ::close(ready[1]);
    return pid;
}

// The exit status, or nothing if it does not end within five seconds.
std::optional<int> end_of(pid_t pid) {
    const auto deadline = Deadline::after(std::chrono::seconds(5));
    int status = 0;
    while (::waitpid(pid, &status, WNOHANG) == 0) {
        if (deadline.passed()) {
            ::kill(pid, SIGKILL);
            ::waitpid(pid, nullptr, 0);
            return std::nullopt;
        }
        ::usleep(200);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

// The signal comes before, at and after the moment in which accept() begins to wait.
TEST(Departure, MissesNoSignalHoweverCloseToAccept) {
    const auto listeners = open_listeners(1);
    for (int i = 0; i < 200; ++i) {
        const pid_t pid = fork_acceptor(listeners, nullptr);
        if (i % 2) ::usleep(static_cast<useconds_t>(i));
        ::kill(pid, SIGUSR1);
        ASSERT_EQ(end_of(pid), pool::exit_done) << "round " << i;
    }
}

TEST(Departure, EndsAWaitForSeveralListeners) {
    const auto listeners = open_listeners(3);
    const pid_t pid = fork_acceptor(listeners, nullptr);
    ::usleep(1000);
    ::kill(pid, SIGUSR1);
    EXPECT_EQ(end_of(pid), pool::exit_done);
}

TEST(Departure, EndsAWaitForTheAcceptMutex) {
    const auto listeners = open_listeners(2);
    auto mutex = pool::make_accept_mutex("pthread", "", ::geteuid());
    ASSERT_TRUE(mutex);
    ASSERT_TRUE((*mutex)->lock());
    const pid_t pid = fork_acceptor(listeners, mutex->get());
    ::usleep(1000);
    ::kill(pid, SIGUSR1);
    EXPECT_EQ(end_of(pid), pool::exit_done);
    (*mutex)->unlock();
}

TEST(Departure, IsNotHeldUpByListenersThatWereClosedForGood) {
    const auto listeners = open_listeners(1);
    const pid_t pid = fork_acceptor(listeners, nullptr);
    ::usleep(1000);
    listeners[0].stop_listening();
    EXPECT_EQ(end_of(pid), pool::exit_done);
}

TEST(Departure, TakesAConnectionThatIsThereFirst) {
    const auto listeners = open_listeners(1);
    sockaddr_storage system;
    const auto length = listeners[0].address.to_system(system);
    const UniqueFd client(::socket(AF_INET, SOCK_STREAM, 0));
    ASSERT_EQ(::connect(client.get(), reinterpret_cast<sockaddr*>(&system), length), 0);
    EXPECT_EQ(end_of(fork_acceptor(listeners, nullptr)), 99);
}

TEST(Departure, ComesWithANewGeneration) {
    static std::atomic<unsigned> generation = 3;
    depart_after_generation(generation, 3);
    EXPECT_FALSE(told_to_leave());
    generation = 4;
    EXPECT_TRUE(told_to_leave());
    generation = 3;
}

} // namespace preforkd
