#include "os/memory_apart.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <gtest/gtest.h>
#include <span>
#include <sys/mman.h>
#include <vector>

namespace preforkd {
namespace {

constexpr std::size_t page = 4096;

void* page_of(const void* block) {
    return reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(block) & ~(page - 1));
}

// Whether its page holds something: one that was given back does not, nor one that is no memory.
bool is_resident(const void* block) {
    unsigned char state = 0;
    return ::mincore(page_of(block), page, &state) == 0 && (state & 1) != 0;
}

// As many as fill several lots.
std::vector<void*> take_many(std::size_t size) {
    std::vector<void*> blocks;
    for (int i = 0; i < 5000; ++i) blocks.push_back(MemoryApart::take(size));
    return blocks;
}

void give_back(const std::vector<void*>& blocks, std::size_t size) {
    for (void* block : blocks) EXPECT_TRUE(MemoryApart::give_back(block, size));
}

TEST(MemoryApart, IsTakenOnlyWhileOneLives) {
    EXPECT_EQ(MemoryApart::take(16), nullptr);
    {
        const MemoryApart apart;
        void* block = MemoryApart::take(16);
        EXPECT_NE(block, nullptr);
        EXPECT_TRUE(MemoryApart::give_back(block, 16));
    }
    EXPECT_EQ(MemoryApart::take(16), nullptr);
}

TEST(MemoryApart, LeavesLargeBlocksAndOthersToTheHeap) {
    const MemoryApart apart;
    EXPECT_EQ(MemoryApart::take(1 << 20), nullptr);
    int other = 0;
    EXPECT_FALSE(MemoryApart::give_back(&other, sizeof other));
}

TEST(MemoryApart, BlocksOfEverySizeLieApartAndAreAligned) {
    const MemoryApart apart;
    std::vector<std::span<std::uint8_t>> blocks;
    for (std::size_t size = 0; size <= 2048; ++size) {
        auto* block = static_cast<std::uint8_t*>(MemoryApart::take(size));
        ASSERT_NE(block, nullptr);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % 16, 0u);
        std::memset(block, static_cast<int>(size % 251), size);
        blocks.emplace_back(block, size);
    }
    for (const auto block : blocks)
        EXPECT_EQ(std::count(block.begin(), block.end(), block.size() % 251),
                  static_cast<long>(block.size()));
}

TEST(MemoryApart, WhatIsGivenBackIsTakenNextForTheSameSize) {
    const MemoryApart apart;
    void* first = MemoryApart::take(100);
    MemoryApart::give_back(first, 100);
    EXPECT_NE(MemoryApart::take(16), first);
    EXPECT_EQ(MemoryApart::take(112), first);
}

TEST(MemoryApart, BlocksOutliveItAndArePagesUntilTheLastIsGivenBack) {
    std::vector<void*> blocks;
    {
        const MemoryApart apart;
        blocks = take_many(200);
        for (void* block : blocks) std::memset(block, 'x', 200);
    }
    void* last = blocks.back();
    blocks.pop_back();
    give_back(blocks, 200);
    MemoryApart::give_back_pages();
    EXPECT_FALSE(is_resident(blocks.front()));
    EXPECT_TRUE(is_resident(last));
    EXPECT_EQ(static_cast<char*>(last)[199], 'x');
    give_back({last}, 0);
    MemoryApart::give_back_pages();
    EXPECT_FALSE(MemoryApart::give_back(last, 0)); // no memory of ours any longer
}

TEST(MemoryApart, StopsSharingWithoutAChangeToWhatIsInThere) {
    std::vector<void*> blocks;
    {
        const MemoryApart apart;
        blocks = take_many(1000); // some three huge pages
        for (std::size_t i = 0; i < blocks.size(); ++i)
            std::memset(blocks[i], static_cast<int>(i % 251), 1000);
    }
    give_back({blocks.begin() + 100, blocks.begin() + 2100}, 1000); // and some are empty
    MemoryApart::give_back_pages();
    MemoryApart::stop_sharing(blocks.front());
    for (std::size_t i = 0; i < blocks.size(); i = i == 99 ? 2100 : i + 1) {
        const auto* block = static_cast<std::uint8_t*>(blocks[i]);
        EXPECT_EQ(std::count(block, block + 1000, i % 251), 1000);
        EXPECT_TRUE(MemoryApart::give_back(blocks[i], 1000));
    }
    MemoryApart::stop_sharing(&blocks); // no memory of ours
}

// Children share the pages: what is given back after the fork must not be written to.
TEST(MemoryApart, GivingBackLaterWritesIntoNoBlock) {
    std::vector<void*> blocks;
    {
        const MemoryApart apart;
        blocks = take_many(64);
        for (void* block : blocks) std::memset(block, 'x', 64);
    }
    void* kept = blocks.front();
    const MemoryApart next;
    give_back({blocks.begin() + 1, blocks.end()}, 64);
    EXPECT_EQ(static_cast<char*>(blocks[1])[0], 'x');
    EXPECT_NE(MemoryApart::take(64), blocks.back());
    give_back({kept}, 64);
}

} // namespace
} // namespace preforkd
