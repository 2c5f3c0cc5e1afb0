#include "os/heap.h"

#include <gtest/gtest.h>
#include <malloc.h>
#include <memory>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace preforkd {
namespace {

// Free bytes that a process keeps after it needed 16 MiB, in blocks of that size.
std::size_t kept_by_a_process_that_may_keep(std::size_t most, std::size_t block = 64 * 1024) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t pid = ::fork();
    if (pid == 0) {
        keep_free_memory(most);
        {
            std::vector<std::unique_ptr<char[]>> blocks;
            const std::size_t count = (16u << 20) / block;
            blocks.reserve(count);
            while (blocks.size() < count) blocks.push_back(std::make_unique<char[]>(block));
        }
        const std::size_t kept = ::mallinfo2().fordblks;
        ::_exit(::write(ends[1], &kept, sizeof kept) == sizeof kept ? 0 : 1);
    }
    std::size_t kept = 0;
    EXPECT_EQ(::read(ends[0], &kept, sizeof kept), static_cast<ssize_t>(sizeof kept));
    ::waitpid(pid, nullptr, 0);
    ::close(ends[0]);
    ::close(ends[1]);
    return kept;
}

TEST(Heap, GivesFreeMemoryBackOrKeepsItAsItIsTold) {
    if (::mallinfo2().arena == 0) GTEST_SKIP() << "the address sanitizer has a heap of its own";
    EXPECT_LT(kept_by_a_process_that_may_keep(256 * 1024), 2u << 20);
    EXPECT_GT(kept_by_a_process_that_may_keep(0), 8u << 20);
    EXPECT_GT(kept_by_a_process_that_may_keep(0, 512 * 1024), 8u << 20);
}

} // namespace
} // namespace preforkd
