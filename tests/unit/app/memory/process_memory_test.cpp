#include "app/memory/process_memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "app/memory/pool_memory.h"

namespace preforkd {
namespace {

constexpr std::string_view rollup = "55d0-7ffc ---p 00000000 00:00 0    [rollup]\n"
                                    "Rss:                5000 kB\n"
                                    "Pss:                1200 kB\n"
                                    "Pss_Anon:            900 kB\n"
                                    "Shared_Clean:       3000 kB\n"
                                    "Shared_Dirty:        500 kB\n"
                                    "Private_Clean:         0 kB\n";
constexpr std::string_view status = "Name:\tpreforkd\nRssAnon:\t    1700 kB\nRssFile:\t 3000 kB\n"
                                    "RssShmem:\t  300 kB\nVmPTE:\t      64 kB\n";

TEST(ProcessMemory, IsTheProportionalShareAndThePageTables) {
    const auto memory = parse_process_memory(rollup, status);
    ASSERT_TRUE(memory);
    EXPECT_TRUE(memory->exact);
    EXPECT_EQ(memory->size(), (1200u + 64u) * 1024);
    EXPECT_EQ(memory->shared, 3500u * 1024);
}

TEST(ProcessMemory, FallsBackToAnonymousMemoryWhereThePagesMayNotBeLookedAt) {
    const auto memory = parse_process_memory("", status);
    ASSERT_TRUE(memory);
    EXPECT_FALSE(memory->exact);
    EXPECT_EQ(memory->size(), (1700u + 64u) * 1024);
    EXPECT_EQ(memory->shared, 3300u * 1024);
}

TEST(ProcessMemory, IsNothingForAProcessThatIsGone) {
    EXPECT_FALSE(parse_process_memory("", ""));
    EXPECT_FALSE(measure_process(0));
}

TEST(ProcessMemory, MeasuresThisProcess) {
    const auto memory = measure_process(getpid());
    ASSERT_TRUE(memory);
    EXPECT_GT(memory->pss, 0u);
    EXPECT_GT(memory->page_tables, 0u);
}

TEST(ProcessMemory, TakesWholeKeysAndWholeNumbers) {
    EXPECT_EQ(kilobyte_line("Pss_Anon: 7 kB\nPss:  8 kB\n", "Pss"), 8u * 1024);
    EXPECT_FALSE(kilobyte_line("Pss: many kB\n", "Pss"));
    EXPECT_FALSE(kilobyte_line("Pss: 8\n", "Pss"));
}

TEST(PoolMemory, CountsSharedPagesOnce) {
    const PoolMemory pool = add_up({{.pss = 300, .shared = 50, .page_tables = 10},
                                    {.pss = 100, .shared = 70, .page_tables = 10},
                                    {.pss = 200, .shared = 60, .page_tables = 10, .exact = false}});
    EXPECT_EQ(pool.median(), 210u);
    EXPECT_EQ(pool.highest(), 310u);
    EXPECT_EQ(pool.total(), 630u);
    EXPECT_EQ(pool.shared, 70u);
    EXPECT_FALSE(pool.exact);
    EXPECT_TRUE(add_up({}).empty());
}

} // namespace
} // namespace preforkd
