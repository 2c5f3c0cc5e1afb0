#include "pool/accept_mutex.h"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <random>
#include <sys/sem.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/deadline.h"
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

// Whoever of them holds it, waits for it, or is just being woken.
TEST_P(EveryMechanism, SurvivesDeathsOfWhoUsesIt) {
    const char* said = std::getenv("DEATHS");
    const int deaths = said ? std::atoi(said) : 1000;
    auto memory = SharedMemory::create(64);
    ASSERT_TRUE(memory);
    auto* turns = new (memory->address()) std::atomic<long>(0);
    const auto use_for_ever = [&] {
        while (mutex->lock()) {
            ++*turns;
            mutex->unlock();
        }
    };
    std::vector<pid_t> users;
    for (int i = 0; i < 4; ++i) users.push_back(fork_child(use_for_ever));
    std::minstd_rand chance(4711);
    for (int death = 0; death < deaths; ++death) {
        auto& doomed = users[chance() % users.size()];
        ::usleep(chance() % 300);
        ::kill(doomed, SIGKILL);
        bury(doomed);
        doomed = fork_child(use_for_ever);
        // A mutex that died with its holder would stop here.
        const long before = *turns;
        const auto patience = Deadline::after(std::chrono::seconds(20));
        while (*turns == before && !patience.passed()) ::usleep(50);
        ASSERT_NE(*turns, before) << "after " << death + 1 << " deaths";
    }
    for (const pid_t user : users) ::kill(user, SIGKILL);
    for (const pid_t user : users) bury(user);
}

INSTANTIATE_TEST_SUITE_P(AcceptMutex, EveryMechanism,
                         testing::Values("pthread", "posixsem", "sysvsem", "fcntl", "flock"),
                         [](const auto& info) { return std::string(info.param); });

bool has_semaphore(int id) {
    struct semid_ds status {};
    return ::semctl(id, 0, IPC_STAT, &status) == 0;
}

TEST(AcceptMutex, RemovesASystemVSemaphoreWhoseServerWasKilled) {
    const std::string directory = testing::TempDir() + "left_behind_" + std::to_string(::getpid());
    std::filesystem::create_directories(directory);
    const pid_t killed = ::fork();
    if (killed == 0) {
        const auto mutex = make_accept_mutex("sysvsem", directory, ::geteuid());
        ::_exit(mutex ? 0 : 1);
    }
    ::waitpid(killed, nullptr, 0);
    ASSERT_FALSE(std::filesystem::is_empty(directory));
    const std::string note = std::filesystem::directory_iterator(directory)->path().filename();
    const int id = std::stoi(note.substr(note.rfind('.') + 1));
    EXPECT_TRUE(has_semaphore(id));
    make_accept_mutex("sysvsem", directory, ::geteuid())->reset();
    EXPECT_FALSE(has_semaphore(id));
    EXPECT_TRUE(std::filesystem::is_empty(directory));
    std::filesystem::remove_all(directory);
}

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
