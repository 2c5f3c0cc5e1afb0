#include "pool/accept_mutex.h"

#include <csignal>
#include <filesystem>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/shared_memory.h"

namespace preforkd::pool {

namespace {

class EveryMechanism : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        std::filesystem::create_directories(directory);
        auto made = make_accept_mutex(GetParam(), directory, ::geteuid());
        ASSERT_TRUE(made) << made.error().what;
        mutex = std::move(*made);
    }
    void TearDown() override {
        mutex.reset();
        EXPECT_TRUE(std::filesystem::is_empty(directory)); // nothing is left behind
        std::filesystem::remove_all(directory);
    }
    // Runs `work` in a forked child and answers its pid.
    template <class Work>
    pid_t fork_child(Work work) {
        const pid_t pid = ::fork();
        if (pid == 0) {
            if (!mutex->reopen_in_child()) ::_exit(2);
            work();
            ::_exit(0);
        }
        return pid;
    }
    void bury(pid_t pid) {
        ::waitpid(pid, nullptr, 0);
        mutex->child_ended(pid);
    }

    std::string directory =
        testing::TempDir() + "accept_mutex_" + GetParam() + std::to_string(::getpid());
    std::unique_ptr<AcceptMutex> mutex;
};

// A count that two processes would spoil if they were in the same place at once.
void count_carefully(AcceptMutex& mutex, volatile int* count, int times) {
    for (int i = 0; i < times; ++i) {
        if (!mutex.lock()) ::_exit(3);
        const int before = *count;
        if (i % 16 == 0) ::usleep(1);
        *count = before + 1;
        mutex.unlock();
    }
}

} // namespace

TEST_P(EveryMechanism, LetsOneProcessInAtATime) {
    auto memory = SharedMemory::create(64);
    ASSERT_TRUE(memory);
    auto* count = static_cast<volatile int*>(memory->address());
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i)
        children.push_back(fork_child([&] { count_carefully(*mutex, count, 500); }));
    for (const pid_t child : children) bury(child);
    EXPECT_EQ(*count, 2000);
}

TEST_P(EveryMechanism, IsFreedWhenItsHolderIsKilled) {
    auto memory = SharedMemory::create(64);
    ASSERT_TRUE(memory);
    auto* held = static_cast<volatile int*>(memory->address());
    const pid_t holder = fork_child([&] {
        mutex->lock();
        *held = 1;
        for (;;) ::pause();
    });
    while (*held == 0) ::usleep(100);
    const pid_t waiter = fork_child([&] {
        if (!mutex->lock()) ::_exit(3);
        mutex->unlock();
    });
    ::kill(holder, SIGKILL);
    bury(holder);
    int status = -1;
    ::waitpid(waiter, &status, 0);
    EXPECT_EQ(status, 0);
}

INSTANTIATE_TEST_SUITE_P(AcceptMutex, EveryMechanism,
                         testing::Values("pthread", "posixsem", "sysvsem", "fcntl", "flock"),
                         [](const auto& info) { return std::string(info.param); });

TEST(AcceptMutex, KnowsApachesOtherNames) {
    const auto make = [](const char* name) {
        return make_accept_mutex(name, testing::TempDir(), ::geteuid());
    };
    EXPECT_EQ((*make("default"))->mechanism(), "pthread");
    EXPECT_EQ((*make("sem"))->mechanism(), "posixsem");
    EXPECT_EQ((*make("file"))->mechanism(), "fcntl");
    EXPECT_EQ(*make("none"), nullptr);
    EXPECT_FALSE(make("nonsense"));
}

} // namespace preforkd::pool
