#include "modules/access/auth_digest/nonce.h"

#include <array>
#include <cstring>
#include <fmt/format.h>
#include <random>

#include "base/base64.h"
#include "net/digest.h"

namespace preforkd::auth_digest {

namespace {

constexpr std::size_t time_letters = 12; // eight bytes in base64

std::string& secret() {
    static std::string chosen;
    return chosen;
}

std::string seal(std::string_view time, const NonceOwner& owner) {
    std::string hex;
    for (const unsigned char byte :
         net::sha1(fmt::format("{}{}:{}{}", secret(), owner.realm, time, owner.opaque)))
        hex += fmt::format("{:02x}", byte);
    return hex;
}

} // namespace

std::string new_secret() {
    std::random_device chance;
    std::string chosen;
    for (int i = 0; i < 20; ++i) chosen += static_cast<char>(chance());
    return chosen;
}

void use_secret(const std::string& chosen) { secret() = chosen; }

std::string make_nonce(const NonceOwner& owner, std::int64_t moment) {
    std::array<char, sizeof moment> bytes;
    std::memcpy(bytes.data(), &moment, sizeof moment);
    const auto time = base64({bytes.data(), bytes.size()});
    return time + seal(time, owner);
}

bool is_shaped_like_ours(std::string_view nonce) {
    return nonce.size() == nonce_length && nonce[time_letters - 1] == '=';
}

std::optional<std::int64_t> time_of(std::string_view nonce, const NonceOwner& owner) {
    if (nonce.size() != nonce_length) return std::nullopt;
    const auto time = nonce.substr(0, time_letters);
    if (!net::are_equal(nonce.substr(time_letters), seal(time, owner))) return std::nullopt;
    const auto bytes = decode_base64(time);
    std::int64_t made = 0;
    if (bytes.size() != sizeof made) return std::nullopt;
    std::memcpy(&made, bytes.data(), sizeof made);
    return made;
}

std::string expected_seal(std::string_view nonce, const NonceOwner& owner) {
    return seal(nonce.substr(0, time_letters), owner);
}

} // namespace preforkd::auth_digest
