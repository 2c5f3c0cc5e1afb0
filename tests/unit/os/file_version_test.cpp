#include "os/file_version.h"

#include <gtest/gtest.h>

namespace preforkd {

namespace {

struct stat a_status() {
    struct stat status {};
    status.st_dev = 1;
    status.st_ino = 2;
    status.st_size = 3;
    status.st_mtim = {100, 5};
    status.st_ctim = {200, 6};
    return status;
}

} // namespace

TEST(FileVersion, IsOfAFileThatDidNotChange) {
    EXPECT_TRUE(FileVersion(a_status()).is_of(a_status()));
}

TEST(FileVersion, TellsEveryChange) {
    const FileVersion version(a_status());
    auto replaced = a_status(), moved = a_status(), grown = a_status(), written = a_status(),
         renamed = a_status();
    replaced.st_ino = 9;
    moved.st_dev = 9;
    grown.st_size = 9;
    written.st_mtim.tv_nsec = 9;
    renamed.st_ctim.tv_nsec = 9;
    for (const auto& changed : {replaced, moved, grown, written, renamed})
        EXPECT_FALSE(version.is_of(changed));
}

TEST(FileVersion, IsSettledTwoSecondsAfterItsLastChange) {
    EXPECT_FALSE(FileVersion(a_status()).is_settled(201));
    EXPECT_TRUE(FileVersion(a_status()).is_settled(202));
}

} // namespace preforkd
