#include "app/process_table.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace preforkd {
namespace {

TEST(ProcessTable, ReadsAnEntryWhateverTheNameHolds) {
    const auto entry =
        parse_process_entry("7 (a) R (b) S 3 7 7 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 "
                            "1 0 4711 1000 200 18446744073709551615\n");
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->pid, 7);
    EXPECT_EQ(entry->name, "a) R (b");
    EXPECT_EQ(entry->state, 'S');
    EXPECT_EQ(entry->parent, 3);
    EXPECT_EQ(entry->started, 4711);
}

TEST(ProcessTable, RefusesWhatIsNoEntry) {
    EXPECT_FALSE(parse_process_entry(""));
    EXPECT_FALSE(parse_process_entry("7 (a) S 3"));
    EXPECT_FALSE(parse_process_entry(")7 ("));
}

TEST(ProcessTable, FindsThisProcess) {
    const auto entry = find_process(getpid());
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->parent, getppid());
    EXPECT_GE(seconds_alive(*entry), 0);
    EXPECT_LT(seconds_alive(*entry), 3600);
}

} // namespace
} // namespace preforkd
