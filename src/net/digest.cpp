#include "net/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace preforkd::net {

std::array<unsigned char, 16> md5(std::string_view text) {
    std::array<unsigned char, 16> digest{};
    EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_md5(), nullptr);
    return digest;
}

std::array<unsigned char, 20> sha1(std::string_view text) {
    std::array<unsigned char, 20> digest{};
    EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
    return digest;
}

bool are_equal(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace preforkd::net
