#include "http/uri.h"

#include <arpa/inet.h>
#include <array>
#include <vector>

#include "base/text.h"

namespace preforkd::http {

namespace {

// Controls and spaces end a target on the wire; a fragment is never sent (RFC 9110 §7.1).
bool may_stand_in_target(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > ' ' && byte != 0x7f && c != '#';
}

void split_query(std::string_view rest, Target& target) {
    const auto mark = rest.find('?');
    target.path = rest.substr(0, mark);
    if (mark != std::string_view::npos) target.query = rest.substr(mark + 1);
}

std::optional<Target> parse_absolute(std::string_view text, std::size_t scheme_end) {
    Target target;
    target.form = Target::Form::absolute;
    target.scheme = text.substr(0, scheme_end);
    if (!iequals(target.scheme, "http") && !iequals(target.scheme, "https")) return std::nullopt;
    const auto rest = text.substr(scheme_end + 3);
    const auto path = rest.find_first_of("/?");
    target.authority = rest.substr(0, path);
    // An empty port is the scheme's (RFC 9110 §4.2.3).
    if (target.authority.ends_with(':')) target.authority.remove_suffix(1);
    if (target.authority.empty() || !parse_host(target.authority)) return std::nullopt;
    split_query(path == std::string_view::npos ? std::string_view() : rest.substr(path), target);
    if (target.path.empty()) target.path = "/";
    return target;
}

bool is_host_character(char c) {
    return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
}

// A top-level domain begins with a letter (RFC 1123 §2.1); so "0x7f.0.0.1" is no name.
bool ends_in_a_domain(std::string_view name) {
    if (name.ends_with('.')) name.remove_suffix(1);
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos || is_alpha(name[dot + 1]);
}

// Digits and dots alone must be an IPv4 address; a name has no empty part but after a last dot.
bool is_sound_name(std::string_view name) {
    if (name.empty() || name.front() == '.' || name.find("..") != std::string_view::npos)
        return false;
    if (name.find_first_not_of("0123456789.") != std::string_view::npos)
        return ends_in_a_domain(name);
    int parts = 0;
    while (!name.empty()) {
        const auto dot = name.find('.');
        const auto part = name.substr(0, dot);
        const auto number = parse_decimal(part);
        const bool seems_octal = part.size() > 1 && part.front() == '0';
        if (!number || *number > 255 || seems_octal) return false;
        ++parts;
        name.remove_prefix(dot == std::string_view::npos ? name.size() : dot + 1);
    }
    return parts == 4;
}

bool is_address(std::string_view text) {
    in6_addr unused;
    return ::inet_pton(AF_INET6, std::string(text).c_str(), &unused) == 1;
}

bool all_of(std::string_view text, bool (*predicate)(char)) {
    for (char c : text)
        if (!predicate(c)) return false;
    return true;
}

// Apache's os_escape_path leaves these as they are, beside letters and digits.
constexpr auto stays_in_path = [] {
    std::array<bool, 256> stays{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        stays[byte] = is_alpha(c) || is_digit(c) ||
                      std::string_view("$-_.+!*'(),:;@&=/~").find(c) != std::string_view::npos;
    }
    return stays;
}();

} // namespace

std::optional<Target> parse_target(std::string_view text) {
    if (text.empty() || !all_of(text, may_stand_in_target)) return std::nullopt;
    Target target;
    if (text.front() == '/') {
        split_query(text, target);
        return target;
    }
    if (text == "*") {
        target.form = Target::Form::asterisk;
        target.path = text;
        return target;
    }
    if (const auto scheme_end = text.find("://"); scheme_end != std::string_view::npos)
        return parse_absolute(text, scheme_end);
    const auto named = parse_host(text);
    if (!named || !named->port) return std::nullopt;
    target.form = Target::Form::authority;
    target.authority = text;
    return target;
}

Decoded decode_path(std::string_view path, EncodedSlashes slashes, Arena& arena) {
    if (path.find('%') == std::string_view::npos) return {Decoded::Outcome::ok, path};
    const auto place = arena.bytes(path.size());
    std::size_t size = 0;
    auto outcome = Decoded::Outcome::ok;
    for (std::size_t at = 0; at < path.size(); ++at) {
        if (path[at] != '%') {
            place[size++] = path[at];
            continue;
        }
        const int high = at + 1 < path.size() ? hex_value(path[at + 1]) : -1;
        const int low = at + 2 < path.size() ? hex_value(path[at + 2]) : -1;
        if (high < 0 || low < 0) return {Decoded::Outcome::bad_escape, path};
        const char c = static_cast<char>(high * 16 + low);
        if (c == '\0' || (c == '/' && slashes == EncodedSlashes::refuse))
            outcome = Decoded::Outcome::forbidden;
        if (c == '/' && slashes == EncodedSlashes::keep) {
            place[size++] = '%';
            continue;
        }
        place[size++] = c;
        at += 2;
    }
    return {outcome, {place.data(), size}};
}

std::optional<std::string_view> normalize_path(std::string_view path, bool merge_slashes,
                                               Arena& arena) {
    if (!path.starts_with('/')) return path;
    if (path.find("/.") == std::string_view::npos && path.find("//") == std::string_view::npos)
        return path;
    const auto place = arena.bytes(path.size());
    std::size_t size = 0; // what is kept always ends before a slash
    std::size_t at = 0;
    bool ends_in_directory = false;
    while (at < path.size()) {
        const auto next = std::min(path.find('/', at + 1), path.size());
        const auto segment = path.substr(at + 1, next - at - 1);
        at = next;
        ends_in_directory = segment.empty() || segment == "." || segment == "..";
        if (segment == "." || (segment.empty() && merge_slashes)) continue;
        if (segment == "..") {
            if (size == 0) return std::nullopt;
            while (place[--size] != '/') {
            }
            continue;
        }
        if (segment.empty() && at >= path.size()) break; // the last slash is added below
        place[size++] = '/';
        size += segment.copy(place.data() + size, segment.size());
    }
    if (ends_in_directory) place[size++] = '/';
    return std::string_view(place.data(), size);
}

std::string escape_path(std::string_view path) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string escaped;
    escaped.reserve(path.size());
    for (char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if (stays_in_path[byte]) {
            escaped += c;
            continue;
        }
        escaped += '%';
        escaped += digits[byte >> 4];
        escaped += digits[byte & 15];
    }
    return escaped;
}

std::string escape_link(std::string_view path) {
    const auto colon = path.find(':');
    const bool seems_scheme = colon != path.npos && path.substr(0, colon).find('/') == path.npos;
    return (seems_scheme ? "./" : "") + escape_path(path);
}

std::optional<HostPort> parse_host(std::string_view text) {
    HostPort result;
    std::size_t end = 0;
    if (text.starts_with('[')) {
        end = text.find(']');
        if (end == std::string_view::npos || !is_address(text.substr(1, end - 1)))
            return std::nullopt;
        ++end;
    } else {
        end = std::min(text.find(':'), text.size());
        if (!all_of(text.substr(0, end), is_host_character)) return std::nullopt;
        if (!is_sound_name(text.substr(0, end))) return std::nullopt;
    }
    result.host = text.substr(0, end);
    if (end == text.size()) return result;
    if (text[end] != ':') return std::nullopt;
    if (end + 1 == text.size()) return std::nullopt;
    const auto port = parse_decimal(text.substr(end + 1));
    if (!port || *port < 1 || *port > 65535 || !is_digit(text[end + 1])) return std::nullopt;
    result.port = static_cast<unsigned short>(*port);
    return result;
}

} // namespace preforkd::http
