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

Digest::Digest(Kind kind) : context_(EVP_MD_CTX_new()) {
    EVP_DigestInit_ex(context_, kind == Kind::md5 ? EVP_md5() : EVP_sha1(), nullptr);
}

Digest::~Digest() { EVP_MD_CTX_free(context_); }

void Digest::add(std::string_view bytes) { EVP_DigestUpdate(context_, bytes.data(), bytes.size()); }

std::string Digest::finish() {
    std::string made(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    EVP_DigestFinal_ex(context_, reinterpret_cast<unsigned char*>(made.data()), &size);
    made.resize(size);
    return made;
}

bool are_equal(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace preforkd::net
