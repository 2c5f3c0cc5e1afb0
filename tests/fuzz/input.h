// What libFuzzer gives, as text; and how a target says that something must not be.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace preforkd::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

// Takes what stands before the next newline off `rest`.
inline std::string_view take_line(std::string_view& rest) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return line;
}

inline void must(bool holds) {
    if (!holds) std::abort();
}

} // namespace preforkd::fuzz
