// What the server sends to be digested with a password: a time, and a digest of it that only this
// server can make.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace preforkd::auth_digest {

inline constexpr std::size_t nonce_length = 52;

// By chance.
std::string new_secret();
// Every nonce that was made with another is none any more.
void use_secret(const std::string& secret);

// Whom a nonce is for.
struct NonceOwner {
    std::string_view realm;
    std::string_view opaque; // what the client is called; "" where no track is kept of it
};

// `moment` in microseconds since 1970. Requires: use_secret() ran.
std::string make_nonce(const NonceOwner& owner, std::int64_t moment);
// As far as can be told without the secret.
bool is_shaped_like_ours(std::string_view nonce);
// When it was made, in microseconds; nothing for one that is not this server's, or another's.
std::optional<std::int64_t> time_of(std::string_view nonce, const NonceOwner& owner);
// The digest that should stand behind its time. Requires: is_shaped_like_ours().
std::string expected_seal(std::string_view nonce, const NonceOwner& owner);

} // namespace preforkd::auth_digest
