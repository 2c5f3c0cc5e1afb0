// What the server sends to be digested with a password: a time, and a digest of it that only this
// server can make.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace preforkd::auth_digest {

inline constexpr std::size_t nonce_length = 52;

// Draws a new secret: every nonce made before is none any more. Run by the control process, so that
// all children have the same.
void choose_secret();

// Whom a nonce is for.
struct NonceOwner {
    std::string_view realm;
    std::string_view opaque; // what the client is called; "" where no track is kept of it
};

// `moment` in microseconds since 1970. Requires: choose_secret() ran.
std::string make_nonce(const NonceOwner& owner, std::int64_t moment);
// As far as can be told without the secret.
bool is_shaped_like_ours(std::string_view nonce);
// When it was made, in microseconds; nothing for one that is not this server's, or another's.
std::optional<std::int64_t> time_of(std::string_view nonce, const NonceOwner& owner);
// The digest that should stand behind its time. Requires: is_shaped_like_ours().
std::string expected_seal(std::string_view nonce, const NonceOwner& owner);

} // namespace preforkd::auth_digest
