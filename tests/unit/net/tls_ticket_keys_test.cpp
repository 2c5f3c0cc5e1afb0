#include "net/tls_ticket_keys.h"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <openssl/hmac.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/tls_pair.h"

namespace preforkd::net {

namespace {

using testing::Context;
using testing::Identity;
using testing::meet;

constexpr std::int64_t start = 1'000'000;
constexpr std::int64_t lifetime = TlsTicketKeys::lifetime;

struct TlsTicketKeysTest : ::testing::Test {
    Identity identity{"localhost"};
    std::unique_ptr<TlsTicketKeys> random = std::move(*TlsTicketKeys::make_random(start));
    std::string path = ::testing::TempDir() + "ticket_key_" + std::to_string(::getpid());

    ~TlsTicketKeysTest() override { ::unlink(path.c_str()); }

    Context context(const TlsTicketKeys& keys) {
        auto made = testing::server_context(identity);
        SSL_CTX_set_session_cache_mode(made.get(), SSL_SESS_CACHE_OFF);
        keys.seal_tickets_of(made.get());
        return made;
    }
    void write_file(const std::string& bytes) { std::ofstream(path) << bytes; }
};

// How a process ends that does `work`.
template <class Work>
int status_of_child(Work work) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        std::signal(SIGSEGV, SIG_DFL);
        work();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    return status;
}

} // namespace

TEST_F(TlsTicketKeysTest, EveryContextTakesTheTicketsOfAnother) {
    const auto one = context(*random), other = context(*random);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const auto first = meet(one.get(), version);
        ASSERT_TRUE(first.done);
        EXPECT_FALSE(first.resumed);
        EXPECT_TRUE(meet(other.get(), version, first.session.get()).resumed);
    }
}

TEST_F(TlsTicketKeysTest, TicketsOfOtherKeysLeadToAFullHandshake) {
    const auto others = std::move(*TlsTicketKeys::make_random(start));
    const auto one = context(*random), other = context(*others);
    const auto first = meet(one.get(), TLS1_2_VERSION);
    const auto second = meet(other.get(), TLS1_2_VERSION, first.session.get());
    EXPECT_TRUE(second.done);
    EXPECT_FALSE(second.resumed);
}

TEST_F(TlsTicketKeysTest, ARandomKeyServesForItsTimeAndIsAcceptedForAsLongAgain) {
    const auto server = context(*random);
    const auto first = meet(server.get(), TLS1_2_VERSION);
    random->renew_if_old(start + lifetime - 1);
    const auto name = random->newest().name;
    random->renew_if_old(start + lifetime);
    EXPECT_NE(random->newest().name, name);
    const auto second = meet(server.get(), TLS1_2_VERSION, first.session.get());
    EXPECT_TRUE(second.resumed);
    random->renew_if_old(start + 2 * lifetime);
    EXPECT_FALSE(meet(server.get(), TLS1_2_VERSION, first.session.get()).resumed);
    // The second meeting brought a ticket with the newer key.
    EXPECT_TRUE(meet(server.get(), TLS1_2_VERSION, second.session.get()).resumed);
}

TEST_F(TlsTicketKeysTest, ChildrenSeeNewKeysAndCannotWriteThem) {
    int go[2], ready[2];
    ASSERT_EQ(::pipe(go), 0);
    ASSERT_EQ(::pipe(ready), 0);
    const auto old = random->newest().name;
    const pid_t pid = ::fork();
    if (pid == 0) {
        char byte = 0;
        const bool readable = random->only_read() && random->newest().name == old;
        if (::write(ready[1], "x", 1) != 1 || ::read(go[0], &byte, 1) != 1) ::_exit(2);
        const bool renewed = random->newest().name != old && random->find(old.data());
        ::_exit(readable && renewed ? 0 : 1);
    }
    char byte = 0;
    ASSERT_EQ(::read(ready[0], &byte, 1), 1);
    random->renew_if_old(start + lifetime);
    ASSERT_EQ(::write(go[1], "x", 1), 1);
    int status = 0;
    ::waitpid(pid, &status, 0);
    EXPECT_EQ(status, 0);
    for (const int end : {go[0], go[1], ready[0], ready[1]}) ::close(end);

    const int writing = status_of_child([&] {
        if (!random->only_read()) ::_exit(0);
        const_cast<TicketKey&>(random->newest()).encryption[0] ^= 1;
    });
    EXPECT_TRUE(WIFSIGNALED(writing));
}

TEST_F(TlsTicketKeysTest, AFileHoldsNameAuthenticationAndEncryption) {
    const std::string name(16, 'n'), authentication(16, 'a'), encryption(16, 'e');
    write_file(name + authentication + encryption + "what follows does not count");
    const auto keys = TlsTicketKeys::read(path);
    ASSERT_TRUE(keys);
    const TicketKey& key = (*keys)->newest();
    EXPECT_EQ(key.size, 16u);
    EXPECT_EQ(std::string(key.name.begin(), key.name.end()), name);
    EXPECT_EQ(std::string(key.authentication.begin(), key.authentication.begin() + 16),
              authentication);
    EXPECT_EQ(std::string(key.encryption.begin(), key.encryption.begin() + 16), encryption);
    (*keys)->renew_if_old(start + 10 * lifetime);
    EXPECT_EQ(&(*keys)->newest(), &key);
    const auto server = context(**keys);
    const auto first = meet(server.get(), TLS1_3_VERSION);
    EXPECT_TRUE(meet(server.get(), TLS1_3_VERSION, first.session.get()).resumed);
}

// RFC 5077 §4: name, initialization vector, sealed session, HMAC of all that.
TEST_F(TlsTicketKeysTest, TicketsAreSealedWithTheKeysOfTheFile) {
    const std::string name(16, 'n'), authentication(16, 'a'), encryption(16, 'e');
    write_file(name + authentication + encryption);
    const auto keys = std::move(*TlsTicketKeys::read(path));
    const auto server = context(*keys);
    const auto meeting = meet(server.get(), TLS1_2_VERSION);
    const unsigned char* bytes = nullptr;
    std::size_t size = 0;
    SSL_SESSION_get0_ticket(meeting.session.get(), &bytes, &size);
    constexpr std::size_t mac_size = 32, sealed_from = 32;
    ASSERT_GT(size, sealed_from + mac_size);
    EXPECT_EQ(std::string(bytes, bytes + 16), name);

    unsigned char mac[EVP_MAX_MD_SIZE];
    HMAC(EVP_sha256(), authentication.data(), 16, bytes, size - mac_size, mac, nullptr);
    EXPECT_EQ(std::string(mac, mac + mac_size), std::string(bytes + size - mac_size, bytes + size));

    std::string session(size, '\0');
    auto* const into = reinterpret_cast<unsigned char*>(session.data());
    int length = 0, rest = 0;
    EVP_CIPHER_CTX* cipher = EVP_CIPHER_CTX_new();
    EVP_DecryptInit_ex(cipher, EVP_aes_128_cbc(), nullptr,
                       reinterpret_cast<const unsigned char*>(encryption.data()), bytes + 16);
    EVP_DecryptUpdate(cipher, into, &length, bytes + sealed_from,
                      static_cast<int>(size - sealed_from - mac_size));
    EXPECT_EQ(EVP_DecryptFinal_ex(cipher, into + length, &rest), 1);
    EVP_CIPHER_CTX_free(cipher);
    const unsigned char* position = into;
    const testing::Session opened(d2i_SSL_SESSION(nullptr, &position, length + rest));
    EXPECT_TRUE(opened);
}

TEST_F(TlsTicketKeysTest, AFileThatIsMissingOrShortIsNamedInApachesWords) {
    const auto missing = TlsTicketKeys::read("/nonexistent/key");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().what, "AH02286: Failed to open ticket key file /nonexistent/key: (2) "
                                    "No such file or directory");
    write_file(std::string(47, 'k'));
    const auto brief = TlsTicketKeys::read(path);
    ASSERT_FALSE(brief);
    EXPECT_EQ(brief.error().what,
              "AH02287: Failed to read 48 bytes from " + path + ": (70014) End of file found");
}

} // namespace preforkd::net
