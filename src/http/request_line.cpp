#include "http/request_line.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace preforkd::http {

namespace {

struct MethodName {
    std::string_view name;
    Method method;
};

constexpr std::array methods{
    MethodName{"GET", Method::get},
    MethodName{"HEAD", Method::head},
    MethodName{"POST", Method::post},
    MethodName{"PUT", Method::put},
    MethodName{"DELETE", Method::delete_},
    MethodName{"CONNECT", Method::connect},
    MethodName{"OPTIONS", Method::options},
    MethodName{"TRACE", Method::trace},
    MethodName{"PATCH", Method::patch},
    MethodName{"PROPFIND", Method::propfind},
    MethodName{"PROPPATCH", Method::proppatch},
    MethodName{"MKCOL", Method::mkcol},
    MethodName{"COPY", Method::copy},
    MethodName{"MOVE", Method::move},
    MethodName{"LOCK", Method::lock},
    MethodName{"UNLOCK", Method::unlock},
};

// RFC 3253's, which nobody here implements.
constexpr std::array<std::string_view, 11> versioning_methods{
    "VERSION-CONTROL", "CHECKOUT", "UNCHECKOUT",  "CHECKIN",    "UPDATE",          "LABEL",
    "REPORT",          "MERGE",    "MKWORKSPACE", "MKACTIVITY", "BASELINE-CONTROL"};

constexpr std::array<bool, 256> token_characters() {
    std::array<bool, 256> allowed{};
    for (int c = 0; c < 128; ++c) {
        const char letter = static_cast<char>(c);
        allowed[static_cast<std::size_t>(c)] =
            is_alpha(letter) || is_digit(letter) ||
            std::string_view("!#$%&'*+-.^_`|~").find(letter) != std::string_view::npos;
    }
    return allowed;
}

// Bytes beyond ASCII stay allowed: links that hold them raw are too common to refuse.
bool is_target_character(char c) { return static_cast<unsigned char>(c) > ' ' && c != '\x7f'; }

// "HTTP/1.1"
bool parse_version(std::string_view text, RequestHead& head) {
    if (text.size() != 8 || !text.starts_with("HTTP/") || text[6] != '.') return false;
    if (!is_digit(text[5]) || !is_digit(text[7])) return false;
    head.major = text[5] - '0';
    head.minor = text[7] - '0';
    return true;
}

std::optional<MalformedRequest> check_version(RequestHead& head) {
    if (head.major == 0) return MalformedRequest{400, "the request names HTTP/0", {}};
    if (head.major > 1) return MalformedRequest{505, "the request's HTTP version is unknown", {}};
    // A server answers a later minor version as the last it knows (RFC 9110 §2.5).
    head.minor = std::min(head.minor, 1);
    return std::nullopt;
}

std::optional<MalformedRequest> check_simple_request(const Limits& limits, RequestHead& head) {
    if (!limits.allow_http_0_9)
        return MalformedRequest{
            400, "HTTP/0.9 is not allowed (HttpProtocolOptions Require1.0)", {}};
    if (head.method != Method::get)
        return MalformedRequest{400, "a request line without a version must be a GET", {}};
    // "GET HTTP/1.1" names a version and no target.
    if (!head.target.starts_with('/') && head.target.find("://") == std::string_view::npos)
        return MalformedRequest{400, "a request line without a version has no target", {}};
    head.simple = true;
    head.major = 0;
    head.minor = 9;
    return std::nullopt;
}

} // namespace

std::optional<MalformedRequest> parse_request_line(std::string_view line, const Limits& limits,
                                                   RequestHead& head) {
    head.request_line = line;
    const auto first = line.find(' ');
    head.method_name = line.substr(0, first);
    if (!is_token(head.method_name))
        return MalformedRequest{400, "the method holds a character that it must not", {}};
    head.method = identify_method(head.method_name, limits);
    if (first == std::string_view::npos)
        return MalformedRequest{400, "the request line has no target", {}};

    const auto rest = line.substr(first + 1);
    const auto second = rest.find(' ');
    head.target = rest.substr(0, second);
    if (head.target.empty())
        return MalformedRequest{400, "the request line has no target, or too many spaces", {}};
    if (!std::all_of(head.target.begin(), head.target.end(), is_target_character))
        return MalformedRequest{400, "the request target holds a control character", {}};
    if (second == std::string_view::npos) return check_simple_request(limits, head);
    if (!parse_version(rest.substr(second + 1), head))
        return MalformedRequest{400, "the request line does not end in an HTTP version", {}};
    if (const auto problem = check_version(head)) return problem;
    if (limits.registered_only && head.method == Method::other)
        return MalformedRequest{501, "the method is not registered (HttpProtocolOptions)", {}};
    return std::nullopt;
}

Method identify_method(std::string_view name, const Limits& limits) {
    for (const auto& known : methods)
        if (known.name == name) return known.method;
    const auto* more = limits.registered_methods;
    const bool registered = std::find(versioning_methods.begin(), versioning_methods.end(), name) !=
                                versioning_methods.end() ||
                            (more && std::find(more->begin(), more->end(), name) != more->end());
    return registered ? Method::registered : Method::other;
}

bool is_token(std::string_view text) {
    static constexpr auto allowed = token_characters();
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return allowed[static_cast<unsigned char>(c)];
    });
}

} // namespace preforkd::http
