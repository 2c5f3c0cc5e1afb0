#include "net/tls_session_cache.h"

#include <gtest/gtest.h>

#include "os/clock.h"
#include "support/tls_pair.h"

namespace preforkd::net {

namespace {

using testing::Context;
using testing::Identity;
using testing::meet;

// Two contexts that know nothing of each other but the cache, as those of two children do.
struct TlsSessionCache : ::testing::Test {
    Identity identity{"localhost"};
    SharedCache cache = std::move(*SharedCache::create(65536));
    Context one = context(), other = context();

    Context context(std::string_view host = "host") {
        auto made = testing::server_context(identity, host);
        SSL_CTX_set_options(made.get(), SSL_OP_NO_TICKET);
        share_sessions(made.get(), cache);
        return made;
    }
    SharedCache::Figures figures() { return cache.figures(seconds_since_1970()); }
};

} // namespace

TEST_F(TlsSessionCache, SessionsAreResumedByAnotherChild) {
    const auto first = meet(one.get(), TLS1_2_VERSION);
    ASSERT_TRUE(first.done);
    EXPECT_FALSE(first.resumed);
    EXPECT_TRUE(meet(other.get(), TLS1_2_VERSION, first.session.get()).resumed);
    EXPECT_TRUE(meet(one.get(), TLS1_2_VERSION, first.session.get()).resumed);
    EXPECT_EQ(figures().counters.hits, 2u);
    EXPECT_EQ(figures().entries, 1u);
}

TEST_F(TlsSessionCache, SessionsOfTls13AreResumedWithoutTickets) {
    const auto first = meet(one.get(), TLS1_3_VERSION);
    ASSERT_TRUE(first.done);
    EXPECT_TRUE(meet(other.get(), TLS1_3_VERSION, first.session.get()).resumed);
}

TEST_F(TlsSessionCache, SessionsThatTravelInTicketsAreNotStored) {
    SSL_CTX_clear_options(one.get(), SSL_OP_NO_TICKET);
    ASSERT_TRUE(meet(one.get(), TLS1_3_VERSION).done);
    ASSERT_TRUE(meet(one.get(), TLS1_2_VERSION).done);
    EXPECT_EQ(figures().counters.stored, 0u);
}

TEST_F(TlsSessionCache, SessionsAreForgottenWhenTheirTimeIsOver) {
    SSL_CTX_set_timeout(one.get(), 100);
    ASSERT_TRUE(meet(one.get(), TLS1_2_VERSION).done);
    const auto left = figures().left_most;
    EXPECT_LE(left, 100);
    EXPECT_GT(left, 80);
    EXPECT_EQ(cache.figures(seconds_since_1970() + 100).entries, 0u);
}

TEST_F(TlsSessionCache, SessionsOfAnotherHostAreNotResumed) {
    const auto elsewhere = context("elsewhere");
    const auto first = meet(one.get(), TLS1_2_VERSION);
    const auto second = meet(elsewhere.get(), TLS1_2_VERSION, first.session.get());
    EXPECT_TRUE(second.done);
    EXPECT_FALSE(second.resumed);
}

TEST_F(TlsSessionCache, UnknownAndSpoiledSessionsLeadToAFullHandshake) {
    const auto first = meet(one.get(), TLS1_2_VERSION);
    unsigned length = 0;
    const auto* id = SSL_SESSION_get_id(first.session.get(), &length);
    const std::string_view key(reinterpret_cast<const char*>(id), length);
    const std::int64_t now = seconds_since_1970();
    cache.store(key, "no session", now + 100, now);
    const auto second = meet(other.get(), TLS1_2_VERSION, first.session.get());
    EXPECT_TRUE(second.done);
    EXPECT_FALSE(second.resumed);
    cache.remove(key, now);
    const auto third = meet(other.get(), TLS1_2_VERSION, first.session.get());
    EXPECT_TRUE(third.done);
    EXPECT_FALSE(third.resumed);
}

} // namespace preforkd::net
