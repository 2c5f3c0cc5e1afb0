#include "http/head_scan.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace preforkd::http {

namespace {

// RFC 9112 §2.2 lets a server ignore empty lines before a request; Apache ignores so many.
constexpr std::size_t usual_empty_lines = 100;
// Apache lets a line be one byte longer than its directives say.
constexpr std::size_t one_more = 1;

const MalformedRequest bare_line_feed{400, "a line of the request head ends without CR", {}};
const MalformedRequest line_too_long{414, "request line exceeds LimitRequestLine", {}};
// RFC 6585 §5; Apache says 400.
const MalformedRequest field_too_long{431, "request header field exceeds LimitRequestFieldSize",
                                      "Size of a request header field exceeds server limit."};
const MalformedRequest too_many_fields{
    431, "number of request header fields exceeds LimitRequestFields",
    "The number of request header fields exceeds this server's limit."};
const MalformedRequest too_many_empty_lines{400, "too many empty lines before a request", {}};
const MalformedRequest folded{400, "a request header field is folded (RFC 9112 section 5.2)", {}};
const MalformedRequest nameless{400, "a request header field has no name", {}};
const MalformedRequest no_colon{400, "a request header field has no colon", {}};

// Fields follow only a line that ends in a version. "GET /path" alone is HTTP/0.9; all else that
// lacks one is refused without waiting for more.
bool lacks_version(std::string_view line) {
    const auto last_space = line.rfind(' ');
    return std::count(line.begin(), line.end(), ' ') < 2 ||
           !istarts_with(line.substr(last_space + 1), "HTTP/");
}

} // namespace

HeadScan::Progress HeadScan::go_on(std::string_view received, const Limits& limits) {
    for (;;) {
        const auto rest = received.substr(searched_);
        const auto* feed =
            rest.empty() ? nullptr
                         : static_cast<const char*>(std::memchr(rest.data(), '\n', rest.size()));
        if (!feed) {
            searched_ = received.size();
            // The CR of a line end may be there already.
            const std::size_t length = received.size() - line_start_;
            if (length > 0 && is_too_long(length - 1, limits)) return Progress::malformed;
            return Progress::needs_more;
        }
        const auto end = static_cast<std::size_t>(feed - received.data());
        if (end == line_start_ || received[end - 1] != '\r') {
            refuse(bare_line_feed);
            return Progress::malformed;
        }
        const auto line = received.substr(line_start_, end - 1 - line_start_);
        const auto kind = take_line(line, limits);
        if (kind == LineKind::refused) return Progress::malformed;
        searched_ = line_start_ = end + 1;
        if (kind == LineKind::last) return Progress::complete;
    }
}

HeadScan::LineKind HeadScan::take_line(std::string_view line, const Limits& limits) {
    if (is_too_long(line.size(), limits)) return LineKind::refused;
    return has_request_line() ? take_field_line(line, limits) : take_request_line(line, limits);
}

HeadScan::LineKind HeadScan::take_request_line(std::string_view line, const Limits& limits) {
    if (line.empty()) {
        const std::size_t most = limits.field_count ? limits.field_count : usual_empty_lines;
        return ++empty_lines_ > most ? refuse(too_many_empty_lines) : LineKind::goes_on;
    }
    request_line_start_ = line_start_;
    request_line_length_ = line.size();
    fields_start_ = line_start_ + line.size() + 2;
    return lacks_version(line) ? LineKind::last : LineKind::goes_on;
}

HeadScan::LineKind HeadScan::take_field_line(std::string_view line, const Limits& limits) {
    if (line.empty()) return LineKind::last;
    if (line.front() == ' ' || line.front() == '\t') return refuse(folded);
    if (line.front() == ':') return refuse(nameless);
    if (line.find(':') == std::string_view::npos) return refuse(no_colon);
    ++field_count_;
    if (limits.field_count != 0 && field_count_ > limits.field_count)
        return refuse(too_many_fields);
    return LineKind::goes_on;
}

HeadScan::LineKind HeadScan::refuse(const MalformedRequest& problem) {
    problem_ = problem;
    return LineKind::refused;
}

bool HeadScan::is_too_long(std::size_t length, const Limits& limits) {
    if (has_request_line() && length > limits.field_size + one_more) refuse(field_too_long);
    else if (!has_request_line() && length > limits.request_line + one_more) refuse(line_too_long);
    else return false;
    return true;
}

} // namespace preforkd::http
