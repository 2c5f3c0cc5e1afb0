// Finds the end of a request head in the bytes as they come, and refuses lines that two readers
// could read in two ways. llhttp, which looks at the fields afterwards, forgives some of them.
#pragma once

#include <string_view>

#include "http/request_head.h"

namespace preforkd::http {

class HeadScan {
  public:
    enum class Progress : unsigned char { needs_more, complete, malformed };

    // Goes on where the last call stopped. `received` starts where it started then, and may be
    // longer now.
    Progress go_on(std::string_view received, const Limits& limits);

    // Requires: go_on() answered malformed.
    const MalformedRequest& problem() const { return problem_; }

    bool has_request_line() const { return fields_start_ != 0; }
    // Requires: has_request_line(). Without its line end.
    std::string_view request_line(std::string_view received) const {
        return received.substr(request_line_start_, request_line_length_);
    }
    // The beginning of a request line that is too long, for the log.
    std::string_view cut_line(std::string_view received, std::size_t length) const {
        return received.substr(line_start_, length);
    }
    // Requires: go_on() answered complete. All field lines, and the empty line behind them.
    std::string_view field_lines(std::string_view received) const {
        return received.substr(fields_start_, line_start_ - fields_start_);
    }
    // Requires: go_on() answered complete. Bytes of the head, with empty lines before it.
    std::size_t size() const { return line_start_; }

  private:
    enum class LineKind : unsigned char { goes_on, last, refused };
    LineKind take_line(std::string_view line, const Limits& limits);
    LineKind take_request_line(std::string_view line, const Limits& limits);
    LineKind take_field_line(std::string_view line, const Limits& limits);
    LineKind refuse(const MalformedRequest& problem);
    bool is_too_long(std::size_t length, const Limits& limits);

    std::size_t line_start_ = 0;
    std::size_t searched_ = 0; // no line end before this
    std::size_t empty_lines_ = 0;
    std::size_t request_line_start_ = 0;
    std::size_t request_line_length_ = 0;
    std::size_t fields_start_ = 0;
    std::size_t field_count_ = 0;
    MalformedRequest problem_;
};

} // namespace preforkd::http
