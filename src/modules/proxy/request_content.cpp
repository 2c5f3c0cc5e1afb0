#include "modules/proxy/request_content.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>

#include "modules/proxy/proxy_settings.h"

namespace preforkd::proxy {

using Kind = ContentFraming::Kind;

bool RequestContent::exists() const {
    const auto& head = request_.head;
    return request_.content && (head.content_length || head.chunked);
}

Status RequestContent::begin() {
    if (std::exchange(has_begun_, true)) return {};
    if (!exists()) {
        done_ = true;
        return {};
    }
    const auto& head = request_.head;
    held_back_ = head.expects_continue && !request_.content->at_end() &&
                 request_.of<Settings>().forwards_expectation.value_or(true);
    // Only the client's own content has the length that it told.
    const bool is_of_unknown_length = head.chunked || request_.unfiltered_content;
    framing_ = {is_of_unknown_length ? Kind::chunked : Kind::length,
                head.content_length.value_or(0)};
    if (held_back_) return {};
    if (request_.content->at_end()) {
        framing_ = {Kind::length, 0};
        done_ = true;
        return {};
    }
    if (auto read = read_ahead(); !read) return read;
    // Chunks that are all there already are sent by their length, which any server understands.
    if (is_of_unknown_length && request_.content->at_end()) framing_ = {Kind::length, size_};
    return {};
}

Status RequestContent::read_ahead() {
    do {
        const auto count =
            request_.content->read(std::span(bytes_).subspan(room_before + size_, most - size_));
        if (!count) return count.error();
        size_ += *count;
        if (*count == 0) break;
    } while (size_ < most && !request_.content->at_end() && request_.content->has_more_at_hand());
    return {};
}

std::string_view RequestContent::framed(std::size_t size) {
    const std::string_view piece(bytes_.data() + room_before, size);
    const bool is_last = size == 0 || request_.content->at_end();
    done_ = is_last;
    has_left_ = true;
    if (framing_.kind != Kind::chunked) return piece;
    char line[room_before];
    const auto end = size == 0 ? line : fmt::format_to(line, "{:x}\r\n", size);
    const auto before = static_cast<std::size_t>(end - line);
    char* const start = bytes_.data() + room_before - before;
    std::memcpy(start, line, before);
    const std::string_view tail = size == 0 ? "0\r\n\r\n" : is_last ? "\r\n0\r\n\r\n" : "\r\n";
    std::memcpy(bytes_.data() + room_before + size, tail.data(), tail.size());
    return {start, before + size + tail.size()};
}

std::string_view RequestContent::first() {
    if (size_ == 0) return {};
    return framed(std::exchange(size_, 0));
}

Result<std::string_view> RequestContent::next() {
    if (done_) return std::string_view();
    if (size_ == 0)
        if (auto read = read_ahead(); !read) return read.error();
    return framed(std::exchange(size_, 0));
}

Result<std::string_view> RequestContent::next_unframed() {
    framing_.kind = Kind::length;
    return next();
}

} // namespace preforkd::proxy
