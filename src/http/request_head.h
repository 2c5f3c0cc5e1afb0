// What a client asked for, as it stood on the wire (RFC 9112 §3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/fields.h"

namespace preforkd::http {

enum class Method : std::uint8_t {
    get,
    head,
    post,
    put,
    delete_,
    connect,
    options,
    trace,
    patch,
    propfind,
    proppatch,
    mkcol,
    copy,
    move,
    lock,
    unlock,
    registered, // known by name alone
    other,
};

// Limits on what a request head may hold (Apache: LimitRequestLine, LimitRequestFields,
// LimitRequestFieldSize); a count of 0 means no limit.
struct Limits {
    std::size_t request_line = 8190;
    std::size_t field_count = 100;
    std::size_t field_size = 8190;
    bool unsafe = false;          // HttpProtocolOptions Unsafe
    bool allow_http_0_9 = true;   // HttpProtocolOptions Allow0.9
    bool registered_only = false; // HttpProtocolOptions RegisteredMethods
    const std::vector<std::string>* registered_methods = nullptr; // RegisterHttpMethod
};

struct RequestHead {
    explicit RequestHead(Arena& arena) : fields(arena) {}

    Method method = Method::get;
    std::string_view method_name;  // as it was sent
    std::string_view target;       // as it was sent, in any of the four forms
    std::string_view request_line; // the whole first line, for %r in a log
    int major = 1;
    int minor = 1;
    Fields fields;
    // How the content is framed (RFC 9112 §6): at most one of these.
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    // Of chunked content, as far as it was read; none before anyone asked for it.
    Fields* trailers = nullptr;
    std::optional<std::size_t> merged_from; // the first of them among the fields (MergeTrailers)
    bool expects_continue = false;
    bool simple = false; // HTTP/0.9: a bare "GET /path", answered without a head

    bool has_content() const { return chunked || (content_length && *content_length > 0); }
    bool at_least(int wanted_major, int wanted_minor) const {
        return major > wanted_major || (major == wanted_major && minor >= wanted_minor);
    }
};

// A head that must be refused. What could be read of it is kept for the log.
struct MalformedRequest {
    int status = 400;
    std::string_view reason;  // for the error log
    std::string_view note;    // for the error page, where Apache has one there
    bool is_too_slow = false; // as a whole (RequestReadTimeout), rather than in a single wait
    bool is_silent = false;   // not a byte came: there is nothing to answer
};

} // namespace preforkd::http
