// unique_id: a name for every request, unlike that of any other on any machine (UNIQUE_ID).
#include <array>
#include <cstdint>
#include <random>

#include "modules/modules.h"
#include "pipeline/request.h"

namespace preforkd {

namespace {

// Base64 for URLs (RFC 4648 §5), without padding.
constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t id_bytes = 20;
constexpr std::size_t id_letters = 27;

// What tells this child from all others, and how many requests it has named.
struct Origin {
    std::array<unsigned char, 10> root{};
    std::uint16_t named = 0;
};
Origin& origin() {
    static Origin own;
    return own;
}

void choose_origin(const config::Configuration&) {
    std::random_device chance;
    for (auto& byte : origin().root) byte = static_cast<unsigned char>(chance());
    origin().named = static_cast<std::uint16_t>(chance());
}

void append(std::array<unsigned char, id_bytes>& bytes, std::size_t at, std::uint64_t number,
            std::size_t size) {
    for (std::size_t i = 0; i < size; ++i)
        bytes.at(at + i) = static_cast<unsigned char>(number >> (8 * (size - 1 - i)));
}

// Seconds, the child's own bytes, a number, and four bytes that Apache has for threads.
std::array<unsigned char, id_bytes> next_bytes(const Request& request) {
    std::array<unsigned char, id_bytes> bytes{};
    append(bytes, 0, static_cast<std::uint64_t>(request.received_at / 1'000'000), 4);
    std::copy(origin().root.begin(), origin().root.end(), bytes.begin() + 4);
    append(bytes, 14, origin().named++, 2);
    return bytes;
}

std::string_view encode(const std::array<unsigned char, id_bytes>& bytes, Arena& arena) {
    auto text = arena.bytes(id_letters);
    for (std::size_t i = 0; i < id_letters; ++i) {
        const std::size_t bit = i * 6;
        const unsigned high = bytes.at(bit / 8);
        const unsigned low = bit / 8 + 1 < id_bytes ? bytes.at(bit / 8 + 1) : 0;
        text[i] = alphabet[((high << 8 | low) >> (10 - bit % 8)) & 63];
    }
    return {text.data(), text.size()};
}

// What a redirect inside the server leads to has the name of what the client asked.
Verdict name_request(Request& request) {
    if (request.previous) {
        if (const auto* known = request.previous->find_variable("UNIQUE_ID"))
            request.set_variable("UNIQUE_ID", *known);
        return declined;
    }
    request.set_variable("UNIQUE_ID", encode(next_bytes(request), request.arena));
    return declined;
}

} // namespace

Module unique_id_module() {
    return {.name = "unique_id",
            .hooks = {.child_init = choose_origin, .read_request = name_request}};
}

} // namespace preforkd
