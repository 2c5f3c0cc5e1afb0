// Digests that old formats ask for. For nothing new: both are broken.
#pragma once

#include <array>
#include <openssl/types.h>
#include <string>
#include <string_view>

namespace preforkd::net {

std::array<unsigned char, 16> md5(std::string_view text);
std::array<unsigned char, 20> sha1(std::string_view text);

// Of what comes in pieces.
class Digest {
  public:
    enum class Kind : unsigned char { md5, sha1 };
    explicit Digest(Kind kind);
    Digest(const Digest&) = delete;
    ~Digest();
    void add(std::string_view bytes);
    // The bytes of the digest; called once.
    std::string finish();

  private:
    EVP_MD_CTX* context_;
};

// Takes a time that tells nothing of where they differ.
bool are_equal(std::string_view a, std::string_view b);

} // namespace preforkd::net
