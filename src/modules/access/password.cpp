#include "modules/access/password.h"

#include <algorithm>
#include <array>
#include <crypt.h>
#include <memory>

#include "base/base64.h"
#include "net/digest.h"

namespace preforkd {

namespace {

using net::md5;
using Md5 = std::array<unsigned char, 16>;

std::string_view text_of(const Md5& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// The letters of crypt(3): six bits each, the lowest first.
void append_letters(std::string& text, unsigned bits, int count) {
    constexpr std::string_view letters =
        "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for (; count > 0; --count, bits >>= 6) text += letters[bits & 63];
}

Md5 first_apr1_digest(const std::string& password, std::string_view salt) {
    std::string text = password + "$apr1$" + std::string(salt);
    const Md5 other = md5(password + std::string(salt) + password);
    for (std::size_t left = password.size(); left > 0; left -= std::min<std::size_t>(left, 16))
        text += text_of(other).substr(0, left);
    for (std::size_t bits = password.size(); bits != 0; bits >>= 1)
        text += bits & 1 ? '\0' : password[0];
    return md5(text);
}

// The hash of Apache's own kind: a thousand rounds of MD5 over password, salt and digest in turn.
std::string apr1(const std::string& password, std::string_view salt) {
    Md5 digest = first_apr1_digest(password, salt);
    for (int round = 0; round < 1000; ++round) {
        std::string text(round & 1 ? std::string_view(password) : text_of(digest));
        if (round % 3 != 0) text += salt;
        if (round % 7 != 0) text += password;
        text += round & 1 ? text_of(digest) : std::string_view(password);
        digest = md5(text);
    }
    std::string result = "$apr1$" + std::string(salt) + "$";
    for (std::size_t i = 0; i < 5; ++i)
        append_letters(result,
                       unsigned{digest[i]} << 16 | unsigned{digest[i + 6]} << 8 |
                           digest[i == 4 ? 5 : i + 12],
                       4);
    append_letters(result, digest[11], 2);
    return result;
}

std::string sha1(const std::string& password) {
    const auto digest = net::sha1(password);
    return "{SHA}" + base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string system_crypt(const std::string& password, const std::string& kept) {
    const auto memory = std::make_unique<crypt_data>(); // 32 KiB, cleared
    const char* result = ::crypt_r(password.c_str(), kept.c_str(), memory.get());
    return result ? result : "";
}

std::string hashed(const std::string& password, std::string_view kept) {
    constexpr std::string_view apr1_begin = "$apr1$";
    if (kept.starts_with("{SHA}")) return sha1(password);
    if (!kept.starts_with(apr1_begin)) return system_crypt(password, std::string(kept));
    const auto salt = kept.substr(apr1_begin.size());
    return apr1(password, salt.substr(0, std::min<std::size_t>(salt.find('$'), 8)));
}

} // namespace

bool password_matches(const std::string& password, std::string_view kept) {
    const std::string result = hashed(password, kept);
    return !result.empty() && net::are_equal(result, kept);
}

std::string digest_of(std::string_view user, std::string_view realm, std::string_view password) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto part : {user, realm}) text.append(part) += ':';
    std::string result;
    for (const unsigned char byte : md5(text.append(password)))
        result += {digits[byte >> 4], digits[byte & 15]};
    return result;
}

} // namespace preforkd
