#include "http/content_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "http/chunk_line.h"
#include "http/trailer_fields.h"

namespace preforkd::http {

namespace {

// Chunk extensions, leading zeros, trailer fields: as much as a field line may be long (RFC 9112
// §7.1.1 asks for a limit).
constexpr std::size_t most_overhead = 8190;
// So much framing is paid for by each piece of data, and by each of its bytes.
constexpr std::size_t usual_framing = 16;
constexpr std::size_t framing_for_a_byte = 2;

Error malformed() { return Error{"malformed chunked content", EBADMSG}; }

} // namespace

// Also where there is something to read: who looks first whether there is waits elsewhere.
Status ContentSource::before_waiting() {
    too_slow_ = timer_.has_run_out();
    if (too_slow_) return Error{"the content did not arrive in time", ETIMEDOUT};
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

Result<std::size_t> ChunkedSource::read(std::span<char> into) {
    if (into.empty()) return std::size_t{0};
    while (next_ != Next::nothing) {
        if (next_ == Next::data) return read_data(into);
        if (next_ == Next::end_of_data) {
            const auto line = read_line();
            if (!line) return line.error();
            if (!line->empty()) return malformed();
            next_ = Next::size;
        }
        if (auto begun = read_size(); !begun) return begun.error();
    }
    return std::size_t{0};
}

Status ChunkedSource::read_size() {
    const auto line = read_line();
    if (!line) return line.error();
    const auto size = parse_chunk_line(*line);
    if (!size) return malformed();
    if (*size == largest_chunk) return Error{"a chunk larger than any content", ENOSPC};
    if (*size == 0) return read_trailers();
    left_ = *size;
    next_ = Next::data;
    return {};
}

Result<std::size_t> ChunkedSource::read_data(std::span<char> into) {
    if (input_.empty())
        if (auto received = receive(); !received) return received.error();
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left_));
    const auto part = input_.unread().substr(0, most);
    std::memcpy(into.data(), part.data(), part.size());
    input_.consume(part.size());
    bytes_received_ += part.size();
    left_ -= part.size();
    overhead_ -= std::min(overhead_, usual_framing + framing_for_a_byte * part.size());
    if (left_ == 0) next_ = Next::end_of_data;
    return part.size();
}

Status ChunkedSource::read_trailers() {
    std::string section;
    for (std::size_t count = 0;; ++count) {
        const auto line = read_line();
        // A line of the head that is too long is 400 as well.
        if (!line) return line.error().code == ENOSPC ? malformed() : line.error();
        section.append(*line).append("\r\n");
        if (line->empty()) break;
        if (!is_sound_field_line(*line)) return malformed();
        if (terms_.trailer_count != 0 && count == terms_.trailer_count) return malformed();
    }
    if (section.size() > 2 && !take_trailers(section, terms_, arena_, head_)) return malformed();
    next_ = Next::nothing;
    return {};
}

Result<std::string_view> ChunkedSource::read_line() {
    line_.clear();
    while (!line_.ends_with('\n')) {
        if (input_.empty())
            if (auto received = receive(); !received) return received.error();
        const auto unread = input_.unread();
        const auto feed = unread.find('\n');
        const auto part = unread.substr(0, feed == std::string_view::npos ? feed : feed + 1);
        line_.append(part);
        overhead_ += part.size();
        bytes_received_ += part.size();
        input_.consume(part.size());
        if (overhead_ > most_overhead) return Error{"too much framing for its content", ENOSPC};
    }
    if (!line_.ends_with("\r\n")) return malformed();
    return std::string_view(line_).substr(0, line_.size() - 2);
}

} // namespace preforkd::http
