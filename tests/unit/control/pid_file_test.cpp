#include "control/pid_file.h"

#include <gtest/gtest.h>

#include "os/file.h"

namespace preforkd {

namespace {

struct PidFile : testing::Test {
    std::string path = testing::TempDir() + "pid_file_test." +
                       testing::UnitTest::GetInstance()->current_test_info()->name();
    void SetUp() override { remove_pid_file(path); }
    void TearDown() override { remove_pid_file(path); }
};

} // namespace

TEST_F(PidFile, HoldsThePidAndALineEnd) {
    auto written = write_pid_file(path, 4711);
    ASSERT_TRUE(written);
    EXPECT_EQ(*written, PidFileWas::absent);
    EXPECT_EQ(*read_whole_file(path), "4711\n");
}

TEST_F(PidFile, OfAnotherProcessIsStale) {
    ASSERT_TRUE(write_pid_file(path, 4711));
    EXPECT_EQ(*write_pid_file(path, 4711), PidFileWas::absent);
    EXPECT_EQ(*write_pid_file(path, 4712), PidFileWas::stale);
}

TEST_F(PidFile, OfAnotherProcessCanBeSpared) {
    ASSERT_TRUE(write_pid_file(path, 4711));
    remove_pid_file_of(4712, path);
    EXPECT_TRUE(read_whole_file(path));
    remove_pid_file_of(4711, path);
    EXPECT_FALSE(read_whole_file(path));
}

TEST_F(PidFile, ThatCannotBeWrittenIsAnError) {
    EXPECT_FALSE(write_pid_file(path + "/no/such/folder", 1));
}

} // namespace preforkd
