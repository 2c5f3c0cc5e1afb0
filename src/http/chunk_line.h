// The line before a chunk (RFC 9112 §7.1): its size, and extensions that mean nothing to a server
// but must be well formed.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace preforkd::http {

// The most that a chunk may say; a size beyond it is answered with it.
constexpr std::uint64_t largest_chunk = std::uint64_t{1} << 62;

// `line` without its line end. Nothing for a line that is malformed.
std::optional<std::uint64_t> parse_chunk_line(std::string_view line);

} // namespace preforkd::http
