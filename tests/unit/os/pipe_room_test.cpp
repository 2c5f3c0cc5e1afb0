// Who opened a pipe does not wait for its reader, and so can do something about it.
#include "os/pipe_room.h"

#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace preforkd {
namespace {

class FullPipe {
  public:
    FullPipe() {
        EXPECT_EQ(::pipe2(ends_.data(), O_NONBLOCK | O_CLOEXEC), 0);
        std::array<char, 4096> page{};
        while (::write(writing(), page.data(), page.size()) > 0) {
        }
    }
    ~FullPipe() {
        for (const int end : ends_) ::close(end);
    }
    int writing() const { return ends_[1]; }
    void read_some() const {
        std::array<char, 8192> bytes;
        EXPECT_GT(::read(ends_[0], bytes.data(), bytes.size()), 0);
    }

  private:
    std::array<int, 2> ends_{};
};

TEST(PipeRoom, IsNotWaitedForForLongByWhoOpenedThePipe) {
    const FullPipe pipe;
    PipeRoom room(pipe.writing());
    EXPECT_FALSE(room());
    const auto begin = SteadyClock::now();
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(room());
    EXPECT_LT(SteadyClock::now() - begin, std::chrono::milliseconds(500));
}

TEST(PipeRoom, IsThereOnceSomebodyHasRead) {
    const FullPipe pipe;
    PipeRoom room(pipe.writing());
    pipe.read_some();
    EXPECT_TRUE(room());
}

TEST(PipeRoom, IsWaitedForByAForkedProcess) {
    const FullPipe pipe;
    PipeRoom room(pipe.writing());
    EXPECT_FALSE(room()); // and would not wait now
    const pid_t child = ::fork();
    if (child == 0) ::_exit(room() ? 0 : 1);
    ::usleep(200'000); // longer than its parent would have waited
    pipe.read_some();
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

} // namespace
} // namespace preforkd
