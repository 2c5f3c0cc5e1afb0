#include "net/tls_client_hello.h"

#include <algorithm>
#include <cstddef>

namespace preforkd::net {

namespace {

constexpr unsigned char type_host_name = 0;
constexpr std::size_t longest_name = 255; // RFC 1035 §2.3.4

std::size_t number_of(std::span<const unsigned char> bytes) {
    return static_cast<std::size_t>(bytes[0]) << 8 | bytes[1];
}

bool belongs_into_name(char c) { return c > ' ' && c < '\x7f' && c != '/'; }

} // namespace

// ServerNameList: a length, then entries of type, length and name; one of each type is allowed, and
// there is but one type.
std::optional<std::string_view> requested_host(std::span<const unsigned char> extension) {
    constexpr std::size_t overhead = 2 + 1 + 2;
    if (extension.size() < overhead || number_of(extension) != extension.size() - 2) return {};
    if (extension[2] != type_host_name) return {};
    const auto bytes = extension.subspan(overhead);
    if (number_of(extension.subspan(3)) != bytes.size()) return {};
    const std::string_view name(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (name.empty() || name.size() > longest_name) return {};
    if (!std::all_of(name.begin(), name.end(), belongs_into_name)) return {};
    return name;
}

} // namespace preforkd::net
