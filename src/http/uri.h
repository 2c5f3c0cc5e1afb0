// Request targets and URI references (RFC 3986, RFC 9112 §3.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/arena.h"

namespace preforkd::http {

// The parts of a request target. Views into the target.
struct Target {
    enum class Form : unsigned char { origin, absolute, authority, asterisk };
    Form form = Form::origin;
    std::string_view scheme;    // absolute form
    std::string_view authority; // absolute and authority form
    std::string_view path;      // still percent-encoded; "/" where an absolute form has none
    std::optional<std::string_view> query; // after the '?', if there is one
};

// Nothing for a target that RFC 9112 does not allow (→ 400).
std::optional<Target> parse_target(std::string_view target);

enum class EncodedSlashes : unsigned char { refuse, decode, keep }; // Off, On, NoDecode

struct Decoded {
    enum class Outcome : unsigned char { ok, bad_escape, forbidden }; // 400, 404 as Apache's
    Outcome outcome = Outcome::ok;
    std::string_view path; // in the arena
};

// Percent-decodes a path. %00 and a %2F that is refused are `forbidden`.
Decoded decode_path(std::string_view path, EncodedSlashes slashes, Arena& arena);

// Removes "." and ".." segments (RFC 3986 §5.2.4) and, with `merge_slashes`, runs of slashes.
// Nothing when ".." climbs above the root (→ 400).
std::optional<std::string_view> normalize_path(std::string_view path, bool merge_slashes,
                                               Arena& arena);

// Percent-encodes a path, or what else is part of a URL (Apache: ap_escape_uri).
std::string escape_path(std::string_view path);
// The same for a relative link, where a colon would read as the end of a scheme (Apache:
// os_escape_path).
std::string escape_link(std::string_view path);

// The host and port of a Host field or an authority. Nothing when it is invalid.
struct HostPort {
    std::string_view host; // without brackets' change; letter case kept
    std::optional<unsigned short> port;
};
std::optional<HostPort> parse_host(std::string_view text);

} // namespace preforkd::http
