#include "control/child_table.h"

#include <gtest/gtest.h>

namespace preforkd {

TEST(ChildTable, HandsOutTheLowestFreeSlot) {
    ChildTable table(3);
    table.add(*table.free_slot(), 100, 0);
    table.add(*table.free_slot(), 101, 0);
    table.remove(0);
    EXPECT_EQ(table.free_slot(), 0);
    EXPECT_EQ(table.highest(), 1);
    EXPECT_EQ(table.count(), 1);
}

TEST(ChildTable, HasNoSlotWhenItIsFull) {
    ChildTable table(1);
    table.add(0, 100, 0);
    EXPECT_FALSE(table.free_slot());
}

TEST(ChildTable, KnowsNobodyElsesChildren) {
    ChildTable table(2);
    table.add(1, 100, 7);
    EXPECT_EQ(table.slot_of(100), 1);
    EXPECT_FALSE(table.slot_of(101));
    EXPECT_EQ(table.remove(1).generation, 7u);
    EXPECT_FALSE(table.slot_of(100));
    EXPECT_EQ(table.highest(), -1);
}

} // namespace preforkd
