#include "app/memory/worker_sum.h"

#include <gtest/gtest.h>

#include "app/memory/cgroup_memory.h"
#include "app/memory/size_text.h"

namespace preforkd {
namespace {

constexpr std::uint64_t megabyte = 1024 * 1024;

TEST(WorkerSum, IsWhatIsLeftOverTheSizeOfAChild) {
    const MemoryRoom room{"MemTotal", 10000 * megabyte, 3000 * megabyte};
    const WorkerSum sum = add_up_workers(room, 1000 * megabyte, 10 * megabyte);
    EXPECT_EQ(sum.others, 2000 * megabyte);
    EXPECT_EQ(sum.reserve, 1000 * megabyte);
    EXPECT_EQ(sum.for_children, 7000 * megabyte);
    EXPECT_EQ(sum.workers, 700);
}

TEST(WorkerSum, StaysWithinWhatTheDirectiveCanBe) {
    const MemoryRoom full{"MemTotal", 100 * megabyte, 95 * megabyte};
    EXPECT_EQ(add_up_workers(full, 0, megabyte).for_children, 0u);
    EXPECT_EQ(add_up_workers(full, 0, megabyte).workers, 1);
    const MemoryRoom vast{"MemTotal", 10000000 * megabyte, 0};
    EXPECT_EQ(add_up_workers(vast, 0, megabyte).workers, 200000);
}

TEST(WorkerSum, TakesAPoolThatIsLargerThanWhatIsUsedForNobodyElse) {
    const MemoryRoom room{"MemTotal", 1000 * megabyte, 10 * megabyte};
    EXPECT_EQ(add_up_workers(room, 20 * megabyte, megabyte).others, 0u);
}

TEST(MemoryRoom, IsReadFromTheMachine) {
    const auto room = parse_machine_memory("MemTotal:  1000 kB\nMemFree:  1 kB\n"
                                           "MemAvailable:  400 kB\n");
    ASSERT_TRUE(room);
    EXPECT_EQ(room->total, 1000u * 1024);
    EXPECT_EQ(room->used, 600u * 1024);
    EXPECT_FALSE(parse_machine_memory("MemTotal: 1000 kB\n"));
}

TEST(MemoryRoom, IsTheOneWithTheLeastLeft) {
    const MemoryRoom machine{"MemTotal", 1000, 500};
    const MemoryRoom group{"group", 600, 10};
    const MemoryRoom small{"small", 300, 10};
    EXPECT_EQ(narrowest({machine, group})->source, "MemTotal");
    EXPECT_EQ(narrowest({machine, group, small})->source, "small");
    EXPECT_FALSE(narrowest({}));
}

TEST(CgroupMemory, KnowsTheGroupAndItsAncestors) {
    const std::vector<CgroupFolder> expected{{"/sys/fs/cgroup/a.slice/b.service", true},
                                             {"/sys/fs/cgroup/a.slice", true},
                                             {"/sys/fs/cgroup", true}};
    EXPECT_EQ(memory_cgroups("0::/a.slice/b.service\n"), expected);
}

TEST(CgroupMemory, KnowsVersionOneByItsController) {
    const std::vector<CgroupFolder> expected{{"/sys/fs/cgroup/memory/x", false},
                                             {"/sys/fs/cgroup/memory", false},
                                             {"/sys/fs/cgroup", true}};
    EXPECT_EQ(memory_cgroups("8:pids:/y\n4:cpu,memory:/x\n0::/\n"), expected);
    EXPECT_TRUE(memory_cgroups("nonsense\n").empty());
}

TEST(CgroupMemory, HasNoLimitWhereItSaysMax) {
    EXPECT_EQ(parse_memory_limit("1048576\n"), 1048576u);
    EXPECT_FALSE(parse_memory_limit("max\n"));
    EXPECT_FALSE(parse_memory_limit("9223372036854771712\n"));
    EXPECT_FALSE(parse_memory_limit(""));
}

TEST(CgroupMemory, CountsFilesOfTheWholeTree) {
    EXPECT_EQ(file_cache("anon 5\ninactive_file 30\nactive_file 12\n"), 42u);
    EXPECT_EQ(file_cache("inactive_file 1\ntotal_inactive_file 30\ntotal_active_file 12\n"), 42u);
    EXPECT_EQ(file_cache(""), 0u);
}

TEST(SizeText, IsShort) {
    EXPECT_EQ(size_text(812 * 1024), "812 kB");
    EXPECT_EQ(size_text(3 * megabyte + megabyte / 10), "3.1 MB");
    EXPECT_EQ(size_text(23 * 1024 * megabyte + 512 * megabyte), "23.5 GB");
}

} // namespace
} // namespace preforkd
