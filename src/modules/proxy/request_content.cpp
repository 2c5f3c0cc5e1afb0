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

Status RequestContent::begin(Length length) {
    Status begun;
    if (!std::exchange(has_begun_, true)) begun = frame(length);
    if (begun && framing_.kind == Kind::chunked && length == Length::always) begun = measure();
    // A trailer that was read by now must not pass for a field that was looked at, or set, before.
    if (auto& head = request_.head; head.merged_from)
        head.fields.shorten(*std::exchange(head.merged_from, std::nullopt));
    return begun;
}

Status RequestContent::frame(Length length) {
    const auto& head = request_.head;
    if (!exists()) {
        // A server may insist on a length (411), even if it is none.
        if (!request_.main && head.content_length == 0) framing_ = {Kind::length, 0};
        done_ = true;
        return {};
    }
    // To read is to tell the client to send.
    // What a filter makes of it must be known before the head can tell of it.
    held_back_ = length == Length::if_known && head.expects_continue && !source_->at_end() &&
                 !request_.unfiltered_content &&
                 request_.of<Settings>().forwards_expectation.value_or(true);
    // Only the client's own content has the length that it told.
    const bool is_of_unknown_length = head.chunked || request_.unfiltered_content;
    framing_ = {is_of_unknown_length ? Kind::chunked : Kind::length,
                head.content_length.value_or(0)};
    if (held_back_) return {};
    if (source_->at_end()) {
        framing_ = {Kind::length, 0};
        done_ = true;
        return {};
    }
    if (auto read = read_ahead(); !read) return read;
    // Chunks that are all there already are sent by their length, which any server understands.
    if (is_of_unknown_length && source_->at_end()) framing_ = {Kind::length, size_};
    return {};
}

// Reads what is left, to know how much it is.
Status RequestContent::measure() {
    auto spooled = SpooledContent::take(*source_);
    if (!spooled) {
        if (spooled.error().code == EIO)
            request_.log("proxy", log::Level::error, spooled.error().what);
        return spooled.error();
    }
    framing_ = {Kind::length, size_ + spooled->size()};
    source_ = &spooled_.emplace(std::move(*spooled));
    return {};
}

Status RequestContent::read_ahead() {
    do {
        const auto count =
            source_->read(std::span(bytes_).subspan(room_before + size_, most - size_));
        if (!count) return count.error();
        size_ += *count;
        if (*count == 0) break;
    } while (size_ < most && !source_->at_end() && source_->has_more_at_hand());
    return {};
}

std::string_view RequestContent::framed(std::size_t size) {
    const std::string_view piece(bytes_.data() + room_before, size);
    const bool is_last = size == 0 || source_->at_end();
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

Verdict refuse_content(const Request& request, const Worker& worker, int code) {
    const auto& url = worker.url;
    const auto whom = url.socket.empty() ? url.authority() : url.socket + ":0";
    request.log("proxy", log::Level::error,
                fmt::format("AH01095: prefetch request body failed to {} ({}) from {} ()", whom,
                            url.host, request.client.ip),
                http::cause_of_failed_read(code));
    return refuse(code == EIO ? 500 : http::status_of_failed_read(code));
}

} // namespace preforkd::proxy
