// What the server sends to be digested with a password: a time, and a digest of it that only this
// server can make.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace preforkd::auth_digest {

inline constexpr std::size_t nonce_length = 52;

// Draws the secret of this server's nonces, once a process. Run by the control process, so that all
// children have the same.
void choose_secret();

// `now` in microseconds since 1970. Requires: choose_secret() ran.
std::string make_nonce(std::string_view realm, std::int64_t now);
// As far as can be told without the secret.
bool is_shaped_like_ours(std::string_view nonce);
// When it was made, in microseconds; nothing for one that is not this server's.
std::optional<std::int64_t> time_of(std::string_view nonce, std::string_view realm);

} // namespace preforkd::auth_digest
