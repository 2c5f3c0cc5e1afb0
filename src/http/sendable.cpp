#include "http/sendable.h"

#include <cstring>

#include "http/request_line.h"

namespace preforkd::http {

namespace {

constexpr std::uint64_t each(unsigned char byte) { return 0x0101010101010101ULL * byte; }

// Whether one of eight bytes is below 0x20 or is 0x7f. May say so for a byte that follows such a
// one, which changes nothing.
constexpr bool has_control(std::uint64_t bytes) {
    const auto below_space = (bytes - each(0x20)) & ~bytes & each(0x80);
    const auto deletes = bytes ^ each(0x7f);
    const auto is_delete = (deletes - each(0x01)) & ~deletes & each(0x80);
    return (below_space | is_delete) != 0;
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

const Field* find_unsendable(const Fields& fields) {
    for (const auto& field : fields)
        if (!is_sendable(field.value) || (field.id == FieldId::other && !is_token(field.name)))
            return &field;
    return nullptr;
}

} // namespace

// Eight bytes at a time, for every field of every response is asked about: a closer look is taken
// where there is a tab, or worse.
bool is_sendable(std::string_view value) {
    std::uint64_t bytes;
    while (value.size() >= sizeof bytes) {
        std::memcpy(&bytes, value.data(), sizeof bytes);
        if (has_control(bytes)) break;
        value.remove_prefix(sizeof bytes);
    }
    for (const char c : value)
        if (is_control(c)) return false;
    return true;
}

const Field* find_unsendable(const ResponseHead& head) {
    if (head.first_fields)
        if (const auto* field = find_unsendable(*head.first_fields)) return field;
    return head.fields ? find_unsendable(*head.fields) : nullptr;
}

} // namespace preforkd::http
