#include "modules/access/auth_digest/client_table.h"

#include <csignal>
#include <gtest/gtest.h>
#include <random>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace preforkd::auth_digest {
namespace {

using Answer = ClientTable::Answer;

constexpr std::int64_t now = 1000;

struct ClientTableTest : testing::Test {
    ClientTable table = create(1000);
    static ClientTable create(std::size_t size) {
        auto made = ClientTable::create(size);
        EXPECT_TRUE(made);
        return std::move(*made);
    }
    std::uint32_t add(std::int64_t moment = now) {
        const auto added = table.add(false, moment);
        EXPECT_TRUE(added);
        return added->client;
    }
    Answer note(std::uint32_t client, std::int64_t nonce, std::uint64_t count) {
        return table.note(client, {nonce, count}, now).answer;
    }
    Answer note_once(std::uint32_t client, std::int64_t nonce) {
        return table.note(client, {nonce, 1, true}, now).answer;
    }
};

TEST_F(ClientTableTest, NumbersClientsFromOne) {
    EXPECT_FALSE(table.knows(0, now));
    EXPECT_FALSE(table.knows(1, now));
    EXPECT_EQ(add(), 1u);
    EXPECT_EQ(add(), 2u);
    EXPECT_TRUE(table.knows(1, now));
    EXPECT_TRUE(table.knows(2, now));
    EXPECT_FALSE(table.knows(3, now));
}

TEST_F(ClientTableTest, TakesCountsThatGoUp) {
    const auto client = add();
    EXPECT_EQ(note(client, 50, 1), Answer::is_new);
    EXPECT_EQ(note(client, 50, 1), Answer::was_used);
    EXPECT_EQ(note(client, 50, 4), Answer::is_new);
    EXPECT_EQ(note(client, 50, 3), Answer::was_used);
    EXPECT_EQ(table.note(client, {50, 2}, now).last_count, 4u);
}

TEST_F(ClientTableTest, CountsForEachClientAlone) {
    const auto one = add(), other = add();
    EXPECT_EQ(note(one, 50, 1), Answer::is_new);
    EXPECT_EQ(note(other, 50, 1), Answer::is_new);
    EXPECT_EQ(note(other + 1, 50, 1), Answer::unknown_client);
    EXPECT_EQ(note(0, 50, 1), Answer::unknown_client);
}

TEST_F(ClientTableTest, BeginsAnewWithANewerNonceAndForgetsTheOlder) {
    const auto client = add();
    EXPECT_EQ(note(client, 50, 7), Answer::is_new);
    EXPECT_EQ(note(client, 60, 1), Answer::is_new);
    EXPECT_EQ(note(client, 50, 8), Answer::was_used);
    EXPECT_EQ(note(client, 60, 2), Answer::is_new);
}

TEST_F(ClientTableTest, TakesAOneTimeNonceOnce) {
    const auto client = add();
    EXPECT_EQ(note_once(client, 50), Answer::is_new);
    EXPECT_EQ(note_once(client, 50), Answer::was_used);
    EXPECT_EQ(note_once(client, 51), Answer::is_new);
    EXPECT_EQ(note_once(client, 50), Answer::was_used);
}

TEST_F(ClientTableTest, LetsWhoWasSeenLastLongAgoGiveWay) {
    const auto faithful = add();
    std::int64_t moment = now;
    for (int i = 0; i < 100; ++i) {
        add(++moment);
        ASSERT_TRUE(table.knows(faithful, ++moment));
    }
    EXPECT_FALSE(table.knows(faithful + 1, moment));
    EXPECT_TRUE(table.knows(faithful + 100, moment));
    const auto figures = table.figures();
    EXPECT_EQ(figures.added, 101u);
    EXPECT_EQ(figures.removed, 101u - 30); // three buckets of ten entries
    EXPECT_EQ(figures.renewed, 0u);
}

TEST_F(ClientTableTest, HoldsAClientWhateverItsSize) {
    table = create(1);
    EXPECT_EQ(add(), 1u);
    EXPECT_EQ(note(1, 50, 1), Answer::is_new);
    const auto added = table.add(true, now);
    ASSERT_TRUE(added);
    EXPECT_TRUE(added->replaced_another);
    EXPECT_FALSE(table.knows(1, now));
    EXPECT_EQ(note(1, 50, 2), Answer::unknown_client);
    EXPECT_EQ(table.figures().renewed, 1u);
}

TEST_F(ClientTableTest, KnowsNoMomentTwice) {
    EXPECT_EQ(table.next_moment(500), 500);
    EXPECT_EQ(table.next_moment(500), 501);
    EXPECT_EQ(table.next_moment(400), 502);
    EXPECT_EQ(table.next_moment(600), 600);
}

TEST_F(ClientTableTest, LetsOneOfSeveralProcessesWin) {
    std::vector<std::uint32_t> clients;
    for (int i = 0; i < 30; ++i) clients.push_back(add());
    std::vector<pid_t> processes;
    for (int i = 0; i < 4; ++i) {
        const pid_t pid = ::fork();
        if (pid == 0) {
            int won = 0;
            for (const auto client : clients) won += note_once(client, 50) == Answer::is_new;
            ::_exit(won);
        }
        processes.push_back(pid);
    }
    int won = 0;
    for (const pid_t pid : processes) {
        int status = 0;
        ::waitpid(pid, &status, 0);
        won += WEXITSTATUS(status);
    }
    EXPECT_EQ(won, 30);
}

TEST_F(ClientTableTest, GoesOnWhenAChildIsKilledInTheMidst) {
    std::mt19937 random(7);
    for (int round = 0; round < 30; ++round) {
        const pid_t pid = ::fork();
        if (pid == 0) {
            for (std::int64_t i = 1;; ++i) {
                const auto added = table.add(false, now + i);
                if (added) table.note(added->client, {i, 1}, now + i);
            }
        }
        ::usleep(1000 + random() % 3000);
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        for (int i = 0; i < 3; ++i) { // one in each bucket
            const auto client = add();
            ASSERT_EQ(note(client, 50, 1), Answer::is_new);
            ASSERT_EQ(note(client, 50, 1), Answer::was_used);
        }
    }
}

} // namespace
} // namespace preforkd::auth_digest
