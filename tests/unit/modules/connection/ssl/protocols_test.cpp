#include "modules/connection/ssl/protocols.h"

#include <gtest/gtest.h>

#include "net/tls_settings.h"

namespace preforkd::ssl {
namespace {

using Words = std::vector<std::string>;

unsigned versions(const Words& words) {
    const auto choice = parse_protocols("SSLProtocol", words);
    EXPECT_TRUE(choice) << choice.error().what;
    return choice ? choice->versions : 0;
}

std::string refusal(const Words& words) {
    const auto choice = parse_protocols("SSLProtocol", words);
    return choice ? "taken" : choice.error().what;
}

TEST(Protocols, AreAddedAndTakenAwayFromLeftToRight) {
    EXPECT_EQ(versions({"all"}), net::tls_all);
    EXPECT_EQ(versions({"all", "-TLSv1", "-TLSv1.1"}), net::tls_1_2 | net::tls_1_3);
    EXPECT_EQ(versions({"-all", "+TLSv1.2"}), net::tls_1_2);
    EXPECT_EQ(versions({"+TLSv1", "+TLSv1.3", "-TLSv1"}), net::tls_1_3);
    EXPECT_EQ(versions({"TLSv1.1"}), net::tls_1_1);
}

TEST(Protocols, AreNamedInAnyLetterCase) {
    EXPECT_EQ(versions({"ALL", "-tlsv1", "-TLSV1.1"}), net::tls_1_2 | net::tls_1_3);
}

TEST(Protocols, MayAllBeTakenAway) {
    EXPECT_EQ(versions({}), 0u);
    EXPECT_EQ(versions({"all", "-all"}), 0u);
}

TEST(Protocols, OfLongAgoCanOnlyBeTakenAway) {
    EXPECT_EQ(versions({"all", "-SSLv2", "-sslv3"}), net::tls_all);
    EXPECT_EQ(refusal({"+SSLv3"}), "SSLv3 not supported by this version of OpenSSL");
    EXPECT_EQ(refusal({"SSLv3"}), "SSLv3 not supported by this version of OpenSSL");
    EXPECT_EQ(refusal({"SSLv2"}), "SSLProtocol: SSLv2 is no longer supported");
}

TEST(Protocols, ThatDoNotExistAreRefused) {
    EXPECT_EQ(refusal({"all", "-TLSv2"}), "SSLProtocol: Illegal protocol 'TLSv2'");
    EXPECT_EQ(refusal({"+"}), "SSLProtocol: Illegal protocol ''");
}

TEST(Protocols, WithoutASignReplaceWhatStandsBeforeThem) {
    const auto choice = parse_protocols("SSLProtocol", Words{"all", "TLSv1.2", "tlsv1.3"});
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->versions, net::tls_1_3);
    EXPECT_EQ(choice->overriding, (Words{"TLSv1.2", "tlsv1.3"}));
}

TEST(Protocols, ThatReplaceNothingAreNoMistake) {
    const auto choice = parse_protocols("SSLProtocol", Words{"-TLSv1", "TLSv1.3", "+TLSv1.2"});
    ASSERT_TRUE(choice);
    EXPECT_TRUE(choice->overriding.empty());
}

} // namespace
} // namespace preforkd::ssl
