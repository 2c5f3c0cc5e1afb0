#include <arpa/inet.h>
#include <gtest/gtest.h>

#include "app/system_checks/access_rights.h"
#include "app/system_checks/descriptors.h"
#include "app/system_checks/socket_owners.h"
#include "app/system_checks/worker_memory.h"

namespace preforkd {
namespace {

constexpr std::uint64_t gigabyte = 1024ull * 1024 * 1024;

std::string packed(const char* ip) {
    const auto address = net::Address::parse(ip, 80);
    return std::string(address->packed());
}

struct stat file_of(uid_t user, gid_t group, mode_t mode) {
    struct stat status {};
    status.st_uid = user;
    status.st_gid = group;
    status.st_mode = S_IFREG | mode;
    return status;
}

TEST(WorkerMemory, IsFineWhileAllFit) {
    const MemoryRoom room{"MemTotal", 8 * gigabyte, gigabyte};
    EXPECT_TRUE(judge_worker_memory(256, room, {}).empty());
}

TEST(WorkerMemory, SaysTheFiguresOfAGuess) {
    const MemoryRoom room{"MemTotal", 10 * gigabyte, gigabyte};
    const Findings found = judge_worker_memory(100000, room, {});
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].text,
              "MaxRequestWorkers 100000 x 4.0 MB a child (a guess, since no server runs) = "
              "390.6 GB, but there is 8.0 GB for children: 10.0 GB (MemTotal) - 1.0 GB used by "
              "others - 1.0 GB reserve");
    EXPECT_EQ(found[0].mend, "set MaxRequestWorkers to 2048 or less; 'preforkctl tune' measures a "
                             "running server");
}

TEST(WorkerMemory, TakesTheLargestRunningChild) {
    const MemoryRoom room{"MemTotal", 10 * gigabyte, gigabyte};
    const PoolMemory pool{{gigabyte / 4, gigabyte / 2}, 0, true};
    const Findings found = judge_worker_memory(256, room, pool);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_NE(found[0].text.find("256 x 512.0 MB a child (the largest of 2 running, PSS + page "
                                 "tables) = 128.0 GB"),
              std::string::npos);
}

TEST(Descriptors, AreCountedTwiceForARestart) {
    EXPECT_EQ((DescriptorNeed{.logs = 10, .programs = 2, .listeners = 4}.total()), 128u + 2 * 20);
}

TEST(Descriptors, SoftLimitRisesOnlyAsFarAsNeededAndAllowed) {
    EXPECT_FALSE(soft_limit_to_set(500, {1024, 4096}));
    EXPECT_EQ(soft_limit_to_set(2000, {1024, 4096}), 2000u);
    EXPECT_EQ(soft_limit_to_set(9000, {1024, 4096}), 4096u);
    EXPECT_FALSE(soft_limit_to_set(9000, {4096, 4096}));
}

TEST(Descriptors, OnlyTheHardLimitIsAFinding) {
    const DescriptorNeed need{.logs = 1000};
    EXPECT_TRUE(judge_descriptors(need, {1024, 4096}).empty());
    const Findings found = judge_descriptors(need, {1024, 2000});
    ASSERT_EQ(found.size(), 1u);
    EXPECT_NE(found[0].text.find("needs 2128 files open"), std::string::npos);
    EXPECT_NE(found[0].mend.find("LimitNOFILE=2128"), std::string::npos);
}

TEST(SocketOwners, ReadTheKernelsTable) {
    const auto sockets = parse_listening_sockets(
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
        "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        "
        "0 "
        "4711 1 0\n"
        "   1: 0100007F:0050 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        "
        "0 "
        "4712 1 0\n"
        "   2: 00000000000000000000000001000000:01BB 00000000000000000000000000000000:0000 0A "
        "00000000:00000000 00:00000000 00000000     0        0 4713 1 0\n");
    ASSERT_EQ(sockets.size(), 2u);
    EXPECT_EQ(sockets[0].address, packed("127.0.0.1"));
    EXPECT_EQ(sockets[0].port, 8080);
    EXPECT_EQ(sockets[0].inode, "4711");
    EXPECT_EQ(sockets[1].address, packed("::1"));
    EXPECT_EQ(sockets[1].port, 443);
}

TEST(SocketOwners, OverlapWhereOneStandsForAllAddresses) {
    EXPECT_TRUE(overlap(packed("127.0.0.1"), packed("127.0.0.1")));
    EXPECT_FALSE(overlap(packed("127.0.0.1"), packed("127.0.0.2")));
    EXPECT_TRUE(overlap(packed("127.0.0.1"), packed("0.0.0.0")));
    EXPECT_TRUE(overlap(packed("::"), packed("127.0.0.1")));
    EXPECT_TRUE(overlap("", packed("127.0.0.1")));
}

TEST(AccessRights, FollowOwnerGroupAndOthers) {
    const Identity serving{"www", 33, 33, {33, 100}};
    EXPECT_TRUE(may(serving, Right::write, file_of(33, 0, 0600)));
    EXPECT_FALSE(may(serving, Right::read, file_of(33, 33, 0077)));
    EXPECT_TRUE(may(serving, Right::write, file_of(0, 100, 0020)));
    EXPECT_FALSE(may(serving, Right::read, file_of(0, 100, 0604)));
    EXPECT_TRUE(may(serving, Right::read, file_of(0, 0, 0604)));
    EXPECT_FALSE(may(serving, Right::enter, file_of(0, 0, 0604)));
    EXPECT_TRUE(may({"root", 0, 0, {}}, Right::write, file_of(33, 33, 0)));
}

} // namespace
} // namespace preforkd
