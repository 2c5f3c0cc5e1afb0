#include "base/base64.h"

#include <cstdint>

namespace preforkd {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr unsigned bits_of_a_letter = 6, bits_of_a_byte = 8;

} // namespace

std::string base64(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    std::uint32_t bits = 0;
    unsigned count = 0; // of bits that are no letter yet
    for (const char byte : bytes) {
        bits = bits << bits_of_a_byte | static_cast<unsigned char>(byte);
        for (count += bits_of_a_byte; count >= bits_of_a_letter;) {
            count -= bits_of_a_letter;
            text += alphabet[bits >> count & 63U];
        }
    }
    if (count > 0) text += alphabet[bits << (bits_of_a_letter - count) & 63U];
    while (text.size() % 4 != 0) text += '=';
    return text;
}

std::string decode_base64(std::string_view text) {
    std::string bytes;
    std::uint32_t bits = 0;
    unsigned count = 0; // of bits that are no byte yet
    for (const char letter : text) {
        const auto value = alphabet.find(letter);
        if (value == std::string_view::npos) break;
        bits = bits << bits_of_a_letter | static_cast<std::uint32_t>(value);
        count += bits_of_a_letter;
        if (count < bits_of_a_byte) continue;
        count -= bits_of_a_byte;
        bytes += static_cast<char>(bits >> count & 255U);
    }
    return bytes;
}

} // namespace preforkd
