#include "net/tls_commands.h"

#include <gtest/gtest.h>

namespace preforkd::net {
namespace {

TEST(TlsCommands, AreKnownByTheirNamesInFiles) {
    EXPECT_EQ(tls_command_value("Curves"), TlsCommandValue::text);
    EXPECT_EQ(tls_command_value("curves"), TlsCommandValue::text);
    EXPECT_EQ(tls_command_value("-curves"), TlsCommandValue::unknown_command);
    EXPECT_EQ(tls_command_value("Wishes"), TlsCommandValue::unknown_command);
    EXPECT_EQ(tls_command_value(""), TlsCommandValue::unknown_command);
}

TEST(TlsCommands, SayWhetherTheyTakeAFileOrAFolder) {
    EXPECT_EQ(tls_command_value("DHParameters"), TlsCommandValue::file);
    EXPECT_EQ(tls_command_value("Certificate"), TlsCommandValue::file);
    EXPECT_EQ(tls_command_value("ChainCAPath"), TlsCommandValue::folder);
}

} // namespace
} // namespace preforkd::net
