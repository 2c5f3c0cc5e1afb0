#include "http/content_decoder.h"

#include <algorithm>
#include <utility>

#include "http/chunk_line.h"

namespace preforkd::http {

namespace {

constexpr std::size_t longest_line = 8190;

std::string_view without_return(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

} // namespace

std::string_view ContentDecoder::take(std::string_view& received) {
    while (!received.empty()) {
        switch (next_) {
        case Next::nothing: return {};
        case Next::counted: return take_counted(received, Next::nothing);
        case Next::data: return take_counted(received, Next::after_data);
        case Next::everything: return std::exchange(received, {});
        case Next::size:
        case Next::after_data:
        case Next::trailers:
            if (const auto line = take_line_of(received)) take_framing(*line);
            break;
        }
    }
    return {};
}

std::string_view ContentDecoder::take_counted(std::string_view& received, Next after) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, received.size()));
    const auto piece = received.substr(0, size);
    received.remove_prefix(size);
    left_ -= size;
    if (left_ == 0) next_ = after;
    return piece;
}

std::optional<std::string_view> ContentDecoder::take_line_of(std::string_view& received) {
    if (is_taken_) line_.clear();
    is_taken_ = false;
    const auto end = received.find('\n');
    const auto part = received.substr(0, end);
    received.remove_prefix(end == std::string_view::npos ? received.size() : end + 1);
    if (line_.size() + part.size() > longest_line) {
        fail();
        return std::nullopt;
    }
    if (end != std::string_view::npos && line_.empty()) return without_return(part);
    line_.append(part);
    if (end == std::string_view::npos) return std::nullopt;
    is_taken_ = true;
    return without_return(line_);
}

void ContentDecoder::take_framing(std::string_view line) {
    switch (next_) {
    case Next::size:
        if (const auto size = parse_chunk_line(line); size && *size < largest_chunk) {
            left_ = *size;
            next_ = left_ == 0 ? Next::trailers : Next::data;
        } else {
            fail();
        }
        return;
    case Next::after_data:
        if (line.empty()) next_ = Next::size;
        else fail();
        return;
    default: // trailer fields, which nobody is told
        if (line.empty()) next_ = Next::nothing;
    }
}

} // namespace preforkd::http
