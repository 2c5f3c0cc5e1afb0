// The head of a response that another server sends (RFC 9112 §4). As lenient as Apache, for what
// stands behind a proxy is old: a line may end in LF alone and go on in the next one, and a server
// that speaks no HTTP/1 speaks HTTP/0.9. That is why llhttp has no share in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "http/fields.h"

namespace preforkd::http {

struct ReceivedHead {
    explicit ReceivedHead(Arena& arena) : fields(arena) {}

    int status = 200;
    std::string_view reason; // "" where there is none
    int minor = 1;           // of HTTP/1
    bool simple = false;     // HTTP/0.9: there is no head, and what came is content
    Fields fields;
    // How the content is framed (RFC 9112 §6.3); neither: the connection's end is its end.
    std::optional<std::uint64_t> content_length;
    bool chunked = false;

    bool has_content() const { return status >= 200 && status != 204 && status != 304; }
};

// What becomes of a line that is no field (Apache: ProxyBadHeader).
enum class BadLine : unsigned char { refuse, ignore, begin_content };

enum class HeadProblem : unsigned char {
    none,
    status_line, // of HTTP/2 and the like
    line,        // no field
    too_long,    // a line
    name,        // no token
    nameless,
    value,  // control characters
    length, // no number
};

struct HeadOutcome {
    HeadProblem problem = HeadProblem::none;
    std::string_view line = {};  // or name: what the problem is about
    std::string_view value = {}; // of a field
    std::size_t size = 0;        // of the head: what follows is content
    bool ignored_lines = false;
};

// The most that a line may hold (Apache: ResponseFieldSize).
constexpr std::size_t longest_response_line = 8192;

// Where the head ends, npos while it does not. A first line that is not HTTP's ends it.
std::size_t end_of_received_head(std::string_view received);

// Requires: `received` begins with a whole head. Views in `head` are views into it, or of `arena`.
HeadOutcome parse_received_head(std::string_view received, BadLine bad_line, Arena& arena,
                                ReceivedHead& head);

} // namespace preforkd::http
