#include "net/shared_cache.h"

#include <csignal>
#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace preforkd::net {

namespace {

constexpr std::int64_t now = 1000;

struct SharedCacheTest : testing::Test {
    SharedCache cache = create(65536);
    static SharedCache create(std::size_t size) {
        auto made = SharedCache::create(size);
        EXPECT_TRUE(made);
        return std::move(*made);
    }
    // All in the same part.
    static std::string key(int number) { return "key " + std::to_string(number); }
    SharedCachePart::Counters counters() { return cache.figures(now).counters; }
};

// A part in memory of its own.
struct SharedCachePartTest : testing::Test {
    std::vector<char> memory = std::vector<char>(8192);
    std::span<char> place() { return memory; }
};

} // namespace

TEST_F(SharedCacheTest, FindsWhatWasStored) {
    EXPECT_TRUE(cache.store("one", "first", now + 10, now));
    EXPECT_TRUE(cache.store("two", std::string_view("a\0b", 3), now + 10, now));
    EXPECT_EQ(cache.find("one", now), "first");
    EXPECT_EQ(cache.find("two", now), std::string("a\0b", 3));
    EXPECT_EQ(cache.find("three", now), std::nullopt);
    EXPECT_EQ(counters().hits, 2u);
    EXPECT_EQ(counters().misses, 1u);
}

TEST_F(SharedCacheTest, TakesKeysOfUpTo32Bytes) {
    const std::string longest(32, 'k');
    EXPECT_TRUE(cache.store(longest, "value", now + 10, now));
    EXPECT_EQ(cache.find(longest, now), "value");
    EXPECT_EQ(cache.find(longest.substr(1), now), std::nullopt);
    EXPECT_FALSE(cache.store(longest + "k", "value", now + 10, now));
    EXPECT_EQ(cache.find(longest + "k", now), std::nullopt);
}

TEST_F(SharedCacheTest, ReplacesWhatHasTheSameKey) {
    cache.store("key", "old", now + 10, now);
    cache.store("key", "newer and longer", now + 10, now);
    EXPECT_EQ(cache.find("key", now), "newer and longer");
    EXPECT_EQ(counters().replaced, 1u);
    EXPECT_EQ(counters().stored, 2u);
}

TEST_F(SharedCacheTest, StoresOnceWhereSeveralWantToBeTheFirst) {
    EXPECT_TRUE(cache.store_first("key", "first", now + 10, now));
    EXPECT_FALSE(cache.store_first("key", "second", now + 10, now));
    EXPECT_EQ(cache.find("key", now), "first");
    EXPECT_TRUE(cache.store_first("key", "later", now + 30, now + 20));
}

TEST_F(SharedCacheTest, ForgetsWhatWasRemoved) {
    cache.store("key", "value", now + 10, now);
    cache.remove("key", now);
    cache.remove("key", now);
    EXPECT_EQ(cache.find("key", now), std::nullopt);
    EXPECT_EQ(counters().removed, 1u);
    EXPECT_EQ(counters().removed_in_vain, 1u);
}

TEST_F(SharedCacheTest, ForgetsWhatHasExpired) {
    cache.store("long", "value", now + 100, now);
    cache.store("key", "value", now + 10, now);
    EXPECT_EQ(cache.find("key", now + 9), "value");
    EXPECT_EQ(cache.find("key", now + 10), std::nullopt);
    EXPECT_EQ(cache.find("long", now + 10), "value");
    EXPECT_EQ(cache.find("long", now + 100), std::nullopt);
    EXPECT_EQ(cache.figures(now + 100).entries, 0u);
    EXPECT_EQ(counters().expired, 2u);
}

TEST_F(SharedCacheTest, DropsTheOldestWhereRoomIsShort) {
    const std::string value(100, 'v');
    const int many = 1000;
    for (int i = 0; i < many; ++i)
        ASSERT_TRUE(cache.store(key(i), value + std::to_string(i), now + 10, now));
    EXPECT_EQ(cache.find(key(0), now), std::nullopt);
    const auto figures = cache.figures(now);
    ASSERT_GT(figures.entries, 10u);
    EXPECT_EQ(figures.entries, figures.entries_per_part); // short values: entries run out first
    EXPECT_EQ(figures.counters.discarded, many - figures.entries);
    for (int i = many - static_cast<int>(figures.entries); i < many; ++i)
        EXPECT_EQ(cache.find(key(i), now), value + std::to_string(i));
}

TEST_F(SharedCacheTest, KeepsLongValuesWholeWhereTheRingBegins) {
    for (int i = 0; i < 500; ++i) {
        const std::string value(static_cast<std::size_t>(700 + i), static_cast<char>('a' + i % 26));
        ASSERT_TRUE(cache.store(key(i), value, now + 10, now));
        ASSERT_EQ(cache.find(key(i), now), value);
        ASSERT_GE(cache.figures(now).entries, std::min(i, 3) + 1u);
    }
}

TEST_F(SharedCacheTest, RefusesWhatIsLongerThanAPart) {
    cache.store("key", "value", now + 10, now);
    EXPECT_FALSE(cache.store("key2", std::string(8192, 'v'), now + 10, now));
    EXPECT_EQ(cache.find("key", now), "value");
}

TEST_F(SharedCacheTest, HasPartsByItsSizeAsApacheHas) {
    EXPECT_EQ(create(512000).figures(now).parts, 32u);
    EXPECT_EQ(create(8192).figures(now).parts, 1u);
    EXPECT_EQ(create(10'000'000).figures(now).parts, 256u);
    EXPECT_GT(create(8192).figures(now).entries_per_part, 20u);
}

TEST_F(SharedCacheTest, TellsHowFullItIs) {
    for (char first = 'a'; first < 'i'; ++first) // one for each part
        cache.store(std::string(1, first), std::string(2000, 'v'), now + first, now);
    const auto figures = cache.figures(now + 1);
    EXPECT_EQ(figures.bytes, 65536u);
    EXPECT_EQ(figures.parts, 8u);
    EXPECT_EQ(figures.entries, 8u);
    EXPECT_EQ(figures.bytes_percent, 33);
    EXPECT_EQ(figures.entries_percent, 2);
    EXPECT_EQ(figures.left_least, 'a' - 1);
    EXPECT_EQ(figures.left_most, 'h' - 1);
    EXPECT_EQ(figures.left_average, ('a' + 'h') / 2 - 1);
}

TEST_F(SharedCacheTest, IsSharedByProcesses) {
    std::vector<pid_t> children;
    for (int child = 0; child < 4; ++child) {
        const pid_t pid = ::fork();
        if (pid == 0) {
            for (int i = 0; i < 2000; ++i) {
                const std::string own(1, static_cast<char>('a' + i % 8));
                const std::string value(50, static_cast<char>('0' + child));
                cache.store(own, value, now + 10, now);
                const auto found = cache.find(own, now);
                // From one of the four, and whole.
                if (found && (found->size() != 50 || *found != std::string(50, found->front())))
                    ::_exit(1);
            }
            ::_exit(0);
        }
        children.push_back(pid);
    }
    for (const pid_t pid : children) {
        int status = 0;
        ::waitpid(pid, &status, 0);
        EXPECT_EQ(status, 0);
    }
    const auto total = counters();
    EXPECT_GT(total.stored, 7500u); // hardly one waited for a lock in vain
    EXPECT_EQ(total.hits + total.misses, 8000u);
}

TEST_F(SharedCacheTest, SurvivesChildrenThatAreKilled) {
    std::mt19937 random(7);
    for (int round = 0; round < 30; ++round) {
        const pid_t pid = ::fork();
        if (pid == 0) {
            for (int i = 0;; ++i)
                cache.store(key(i % 500), std::string(1500, static_cast<char>(i)), now + 10, now);
        }
        ::usleep(1000 + random() % 3000);
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        ASSERT_TRUE(cache.store("mine", "value", now + 10, now));
        ASSERT_EQ(cache.find("mine", now), "value");
        for (int i = 0; i < 500; ++i)
            if (const auto found = cache.find(key(i), now)) {
                ASSERT_EQ(*found, std::string(1500, found->front()));
            }
    }
}

TEST_F(SharedCachePartTest, IsEmptiedWhereItsLastUserDidNotFinish) {
    SharedCachePart(place(), now).store("key", "value", now + 10);
    const pid_t pid = ::fork();
    if (pid == 0) {
        // Only what is in shared memory outlives a process; so look at it from here.
        auto* unfinished = new SharedCachePart(place(), now);
        unfinished->store("other", "value", now + 10);
        SharedCachePart next(place(), now);
        ::_exit(next.entries() == 0 && !next.find("key") && next.counters().stored == 1 ? 0 : 1);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(SharedCachePart(place(), now).find("key"), "value");
}

TEST_F(SharedCachePartTest, WithstandsAnyBytesInItsMemory) {
    std::mt19937 random(4711);
    // In a block of its own size, where a sanitizer sees each step outside.
    for (int round = 0; round < 20000; ++round) {
        const std::size_t spoiled = 1 + random() % 64;
        for (std::size_t i = 0; i < spoiled; ++i) {
            // Half of them in the header, where they hurt most.
            const std::size_t where = random() % (random() % 2 ? 24 : memory.size());
            // Often zero, so that the part is not emptied each time for being in use.
            memory[where] = random() % 2 ? static_cast<char>(random()) : '\0';
        }
        std::memset(memory.data(), 0, 4);
        SharedCachePart part(place(), now);
        part.store("key " + std::to_string(random() % 50), std::string(random() % 900, 'v'),
                   now + 10);
        part.find("key " + std::to_string(random() % 50));
        part.remove("key " + std::to_string(random() % 50));
        part.time_left_of_oldest();
    }
    std::fill(memory.begin(), memory.end(), '\xff');
    SharedCachePart part(place(), now);
    EXPECT_TRUE(part.store("key", "value", now + 10));
    EXPECT_EQ(part.find("key"), "value");
}

TEST_F(SharedCachePartTest, WithstandsEntriesThatAreSpoiledWhileItIsUsed) {
    std::mt19937 random(815);
    for (int round = 0; round < 500; ++round) {
        std::fill(memory.begin(), memory.end(), '\0');
        SharedCachePart part(place(), now);
        for (int step = 0; step < 60; ++step) {
            for (int i = 0; i < 40; ++i)
                memory[random() % memory.size()] = static_cast<char>(random());
            part.store("key " + std::to_string(step), std::string(random() % 900, 'v'), now + 10);
            ASSERT_GE(part.entries(), 1u);
            ASSERT_LE(part.bytes(), memory.size());
            part.find("key " + std::to_string(random() % 60));
        }
    }
}

} // namespace preforkd::net
