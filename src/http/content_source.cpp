#include "http/content_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace preforkd::http {

namespace {

// Between two pieces of data: chunk extensions, leading zeros, trailer fields. As much as a field
// line may be long.
constexpr std::size_t most_overhead = 8190;

constexpr std::string_view head_of_chunked =
    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";

Error malformed() { return Error{"malformed chunked content", EBADMSG}; }

} // namespace

Status ContentSource::before_waiting() {
    if (!owes_continue_) return {};
    owes_continue_ = false;
    return input_.stream().write("HTTP/1.1 100 Continue\r\n\r\n", timer_.deadline().remaining());
}

Result<std::size_t> ContentSource::after_waiting(Result<std::size_t> count) {
    if (!count) {
        too_slow_ = count.error().code == ETIMEDOUT && timer_.has_run_out();
        return count;
    }
    if (*count == 0) return Error{"the client left in the middle of its content", EBADMSG};
    timer_.received(*count);
    return count;
}

Status ContentSource::receive() {
    if (auto told = before_waiting(); !told) return told;
    for (;;) {
        auto count = input_.receive(timer_.deadline());
        if (!count && count.error().code == EINTR) continue;
        count = after_waiting(std::move(count));
        return count ? Status() : Status(count.error());
    }
}

Result<std::size_t> LengthSource::read(std::span<char> into) {
    into = into.first(static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left_)));
    if (into.empty()) return std::size_t{0};
    Result<std::size_t> count = std::size_t{0};
    if (!input_.empty()) {
        const auto part = input_.unread().substr(0, into.size());
        std::memcpy(into.data(), part.data(), part.size());
        input_.consume(part.size());
        count = part.size();
    } else {
        if (auto told = before_waiting(); !told) return told.error();
        do count = input_.stream().read(into, timer_.deadline());
        while (!count && count.error().code == EINTR);
        count = after_waiting(std::move(count));
        if (!count) return count;
    }
    left_ -= *count;
    bytes_received_ += *count;
    return count;
}

ChunkedSource::ChunkedSource(InputBuffer& input, const ReadPatience& patience,
                             bool expects_continue)
    : ContentSource(input, patience, expects_continue) {
    llhttp_init(&parser_, HTTP_REQUEST, &settings());
    llhttp_execute(&parser_, head_of_chunked.data(), head_of_chunked.size());
    parser_.data = this;
}

Result<std::size_t> ChunkedSource::read(std::span<char> into) {
    if (into.empty()) return std::size_t{0};
    out_ = into.data();
    while (!ended_ && out_ == into.data()) {
        if (input_.empty())
            if (auto received = receive(); !received) return received.error();
        // Decoded bytes are never more than raw ones, so they fit.
        if (!decode(input_.unread().substr(0, into.size()))) return malformed();
    }
    return static_cast<std::size_t>(out_ - into.data());
}

bool ChunkedSource::decode(std::string_view raw) {
    checked_ = raw.data();
    const auto outcome = llhttp_execute(&parser_, raw.data(), raw.size());
    const char* end = raw.data() + raw.size();
    if (outcome == HPE_PAUSED) end = llhttp_get_error_pos(&parser_);
    else if (outcome != HPE_OK) return false;
    if (!check_framing({checked_, static_cast<std::size_t>(end - checked_)})) return false;
    const auto used = static_cast<std::size_t>(end - raw.data());
    input_.consume(used);
    bytes_received_ += used;
    return sound_;
}

// llhttp lets a bare LF pass and knows no limits.
bool ChunkedSource::check_framing(std::string_view bytes) {
    overhead_ += bytes.size();
    for (char c : bytes) {
        if (c == '\n' && last_ != '\r') return false;
        last_ = c;
    }
    return overhead_ <= most_overhead;
}

int ChunkedSource::on_data(llhttp_t* parser, const char* start, std::size_t length) {
    auto& self = *static_cast<ChunkedSource*>(parser->data);
    const std::string_view framing(self.checked_, static_cast<std::size_t>(start - self.checked_));
    self.sound_ = self.sound_ && self.check_framing(framing);
    self.checked_ = start + length;
    self.last_ = 0;
    self.overhead_ = 0;
    std::memcpy(self.out_, start, length);
    self.out_ += length;
    return 0;
}

int ChunkedSource::on_end(llhttp_t* parser) {
    static_cast<ChunkedSource*>(parser->data)->ended_ = true;
    return HPE_PAUSED;
}

const llhttp_settings_t& ChunkedSource::settings() {
    static const llhttp_settings_t made = [] {
        llhttp_settings_t fresh;
        llhttp_settings_init(&fresh);
        fresh.on_body = on_data;
        fresh.on_message_complete = on_end;
        return fresh;
    }();
    return made;
}

} // namespace preforkd::http
