#include "net/tcp_stream.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <gtest/gtest.h>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <thread>
#include <unistd.h>

#include "net/socket_option.h"

namespace preforkd::net {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A connected pair: one end is the stream, the other a plain descriptor.
struct TcpStreamTest : testing::Test {
    TcpStreamTest() {
        int ends[2];
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
        for (const int end : ends) set_timeout(end, SO_SNDTIMEO, milliseconds(20));
        stream = std::make_unique<TcpStream>(UniqueFd(ends[0]), Duration(0));
        peer = UniqueFd(ends[1]);
    }
    std::string sent(std::size_t size) {
        std::string text(size, ' ');
        std::size_t got = 0;
        while (got < size) {
            const auto count = ::read(peer.get(), text.data() + got, size - got);
            if (count <= 0) break;
            got += static_cast<std::size_t>(count);
        }
        text.resize(got);
        return text;
    }
    std::unique_ptr<TcpStream> stream;
    UniqueFd peer;
};

UniqueFd temporary_file() {
    std::string name = testing::TempDir() + "tcp_stream_test.XXXXXX";
    UniqueFd file(::mkstemp(name.data()));
    ::unlink(name.c_str());
    return file;
}

void do_nothing(int) {}

} // namespace

TEST_F(TcpStreamTest, ReadsWhatThePeerSendsAndThenItsEnd) {
    ASSERT_EQ(::write(peer.get(), "hello", 5), 5);
    char bytes[16];
    auto count = stream->read(bytes, Deadline::after(seconds(5)));
    ASSERT_TRUE(count);
    EXPECT_EQ(std::string_view(bytes, *count), "hello");
    peer.reset();
    count = stream->read(bytes, Deadline::after(seconds(5)));
    ASSERT_TRUE(count);
    EXPECT_EQ(*count, 0u);
}

TEST_F(TcpStreamTest, GivesUpReadingAtItsDeadline) {
    char bytes[16];
    const auto begin = SteadyClock::now();
    const auto count = stream->read(bytes, Deadline::after(milliseconds(150)));
    ASSERT_FALSE(count);
    EXPECT_EQ(count.error().code, ETIMEDOUT);
    EXPECT_GE(SteadyClock::now() - begin, milliseconds(150));
    EXPECT_LT(SteadyClock::now() - begin, seconds(3));
}

TEST_F(TcpStreamTest, ReadsWhatArrivedBeforeADeadlineThatHasPassed) {
    ASSERT_EQ(::write(peer.get(), "x", 1), 1);
    char bytes[16];
    const auto count = stream->read(bytes, Deadline::after(Duration(0)));
    ASSERT_TRUE(count);
    EXPECT_EQ(*count, 1u);
}

TEST_F(TcpStreamTest, SaysWhenASignalInterruptedAWait) {
    struct sigaction action {
    }, before;
    action.sa_handler = do_nothing;
    ::sigaction(SIGALRM, &action, &before);
    const struct itimerval soon {
        {0, 0}, { 0, 50000 }
    };
    ::setitimer(ITIMER_REAL, &soon, nullptr);
    char bytes[16];
    const auto count = stream->read(bytes, Deadline::after(seconds(10)));
    ASSERT_FALSE(count);
    EXPECT_EQ(count.error().code, EINTR);
    ::sigaction(SIGALRM, &before, nullptr);
}

TEST_F(TcpStreamTest, WritesBothPartsToTheLastByteWhateverTheBufferHolds) {
    const std::string first(300000, 'a'), second(700000, 'b');
    std::string got;
    std::thread reader([&] { got = sent(first.size() + second.size()); });
    EXPECT_TRUE(stream->write(first, second, seconds(10)));
    reader.join();
    EXPECT_EQ(got, first + second);
}

TEST_F(TcpStreamTest, GivesUpOnAPeerThatTakesNothing) {
    const std::string much(8 << 20, 'x');
    const auto status = stream->write(much, milliseconds(200));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ETIMEDOUT);
}

TEST_F(TcpStreamTest, GivesUpAtOnceWhenNoTimeIsLeftForAPeerThatTakesNothing) {
    const std::string much(8 << 20, 'x');
    const auto status = stream->write(much, Duration(0));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ETIMEDOUT);
}

TEST_F(TcpStreamTest, WaitsLessUnderPressure) {
    const std::atomic<bool> pressed = true;
    TcpStream hurried(UniqueFd(::dup(peer.get())), Duration(0), {&pressed, milliseconds(100)});
    char bytes[16];
    const auto begin = SteadyClock::now();
    const auto count = hurried.read(bytes, Deadline::after(seconds(60)));
    ASSERT_FALSE(count);
    EXPECT_EQ(count.error().code, ETIMEDOUT);
    const auto status = hurried.write(std::string(8 << 20, 'x'), seconds(60));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ETIMEDOUT);
    EXPECT_LT(SteadyClock::now() - begin, seconds(30));
}

TEST_F(TcpStreamTest, WaitsToItsDeadlineWhereThereMightBePressure) {
    const std::atomic<bool> pressed = false;
    TcpStream patient(UniqueFd(::dup(peer.get())), Duration(0), {&pressed, milliseconds(100)});
    char bytes[16];
    const auto begin = SteadyClock::now();
    EXPECT_FALSE(patient.read(bytes, Deadline::after(milliseconds(300))));
    EXPECT_GE(SteadyClock::now() - begin, milliseconds(300));
    EXPECT_FALSE(patient.write(std::string(8 << 20, 'x'), milliseconds(300)));
    EXPECT_GE(SteadyClock::now() - begin, milliseconds(600));
}

TEST_F(TcpStreamTest, FailsWithoutASignalWhenThePeerIsGone) {
    peer.reset();
    const auto status = stream->write("x", seconds(5));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, EPIPE);
}

TEST_F(TcpStreamTest, SendsAPartOfAFile) {
    const auto file = temporary_file();
    ASSERT_EQ(::write(file.get(), "0123456789", 10), 10);
    off_t offset = 3;
    EXPECT_TRUE(stream->send_file(file.get(), offset, 4, seconds(5)));
    EXPECT_EQ(offset, 7);
    EXPECT_EQ(sent(4), "3456");
    offset = 8;
    EXPECT_FALSE(stream->send_file(file.get(), offset, 4, seconds(5)));
}

// The kernel's sendfile begins its time anew for each page that it could still place.
TEST_F(TcpStreamTest, GivesUpInTimeOnAPeerThatTakesOnlyTheBeginningOfAFile) {
    const auto file = temporary_file();
    constexpr off_t size = 64 << 20;
    ASSERT_EQ(::ftruncate(file.get(), size), 0);
    off_t offset = 0;
    const auto begin = SteadyClock::now();
    const auto status = stream->send_file(file.get(), offset, size, seconds(1));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ETIMEDOUT);
    EXPECT_GE(SteadyClock::now() - begin, seconds(1));
    EXPECT_GT(offset, 0);
    EXPECT_LT(offset, size);
}

TEST_F(TcpStreamTest, StillReadsAfterItsOwnEndOfWriting) {
    stream->shut_down_writing();
    EXPECT_EQ(sent(1), "");
    ASSERT_EQ(::write(peer.get(), "y", 1), 1);
    char bytes[4];
    EXPECT_EQ(*stream->read(bytes, Deadline::after(seconds(5))), 1u);
}

} // namespace preforkd::net
