#include "modules/response/compression/inflate_source.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <fmt/format.h>
#include <zlib.h>

#include "modules/response/compression/gzip_coding.h"

namespace preforkd {

namespace {

using http::FieldId;

constexpr std::size_t read_at_a_time = 8192;

class InflateSource final : public http::BodySource {
  public:
    InflateSource(Request& request, http::BodySource& content, const InflateTerms& terms)
        : request_(request), content_(content), terms_(terms), watch_(terms.limits) {}

    Result<std::size_t> read(std::span<char> into) override;
    bool at_end() const override {
        return (state_ != State::coded || has_ended_) && content_.at_end() && stream_.avail_in == 0;
    }
    bool has_more_at_hand() const override {
        return stream_.avail_in > 0 || holds_some() || content_.has_more_at_hand() ||
               (content_.at_end() && !at_end());
    }

  private:
    enum class State : unsigned char { not_begun, plain, coded };

    // What zlib has made and had no room for.
    bool holds_some() const { return stream_.total_out > 0 && stream_.avail_out == 0; }
    State look_at_head();
    Status receive();
    Result<std::size_t> make(std::span<char> into);
    Error log_failure(log::Level level, std::string_view why, int code = EBADMSG) const;
    Error explain(int outcome) const;

    Request& request_;
    http::BodySource& content_;
    InflateTerms terms_;
    InflateWatch watch_;
    State state_ = State::not_begun;
    z_stream stream_{};
    gz_header head_{};
    bool has_ended_ = false;
    std::span<char> input_;
};

voidpf take_from_arena(voidpf arena, uInt count, uInt size) {
    return static_cast<Arena*>(arena)->resource()->allocate(std::size_t{count} * size,
                                                            alignof(std::max_align_t));
}

void leave_to_arena(voidpf, voidpf) {}

// What whoever looked at the head before has seen is left as it was: the variables of a script.
InflateSource::State InflateSource::look_at_head() {
    auto& fields = request_.head.fields;
    if (request_.previous || fields.has(FieldId::content_range) || !take_gzip(request_, fields))
        return State::plain;
    stream_.zalloc = take_from_arena;
    stream_.zfree = leave_to_arena;
    stream_.opaque = &request_.arena;
    if (const int outcome = inflateInit2(&stream_, any_window_of_gzip); outcome != Z_OK) {
        request_.log("deflate", log::Level::error,
                     fmt::format("AH01389: unable to init Zlib: inflateInit2 returned {}: URL {}",
                                 outcome, request_.uri));
        return State::plain;
    }
    inflateGetHeader(&stream_, &head_);
    fields.remove(FieldId::content_length);
    fields.remove("Content-MD5");
    input_ = request_.arena.bytes(read_at_a_time);
    return State::coded;
}

Error InflateSource::log_failure(log::Level level, std::string_view why, int code) const {
    request_.log("deflate", level, why);
    return Error{"the content is not what its coding says", code};
}

Error InflateSource::explain(int outcome) const {
    if (head_.done != 1) return log_failure(log::Level::warn, "AH01387: Zlib: Invalid header");
    return log_failure(log::Level::warn, fmt::format("AH01391: Zlib error {} inflating data ({})",
                                                     outcome, stream_.msg ? stream_.msg : ""));
}

Status InflateSource::receive() {
    const auto count = content_.read(input_);
    if (!count) return count.error();
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(*count);
    if (*count > 0 || has_ended_) return {};
    has_ended_ = stream_.total_in == 0; // nothing is no gzip, and no mistake
    if (has_ended_) return {};
    if (head_.done != 1)
        return log_failure(
            log::Level::error,
            "AH02619: Encountered premature end-of-stream while reading inflate header");
    return log_failure(log::Level::error,
                       "AH02481: Encountered premature end-of-stream while inflating");
}

Result<std::size_t> InflateSource::make(std::span<char> into) {
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = static_cast<uInt>(into.size());
    const int outcome = inflate(&stream_, Z_NO_FLUSH);
    has_ended_ = outcome == Z_STREAM_END;
    if (outcome != Z_OK && outcome != Z_BUF_ERROR && !has_ended_) return explain(outcome);
    if (has_ended_)
        request_.log("deflate", log::Level::debug,
                     fmt::format("AH01393: Zlib: Inflated {} to {} : URL {}", stream_.total_in,
                                 stream_.total_out, request_.uri));
    if (terms_.most != 0 && stream_.total_out > terms_.most)
        return log_failure(log::Level::warn,
                           fmt::format("AH02648: Inflated content length of {} is larger than the "
                                       "configured limit of {}",
                                       stream_.total_out, terms_.most),
                           ENOSPC);
    if (stream_.avail_out == 0 && watch_.is_too_much(stream_.total_in, stream_.total_out))
        return log_failure(log::Level::warn,
                           fmt::format("AH02649: Inflated content ratio is larger than the "
                                       "configured limit {} by {} time(s)",
                                       watch_.limits().ratio, watch_.limits().burst),
                           EINVAL);
    return into.size() - stream_.avail_out;
}

Result<std::size_t> InflateSource::read(std::span<char> into) {
    if (state_ == State::not_begun) state_ = look_at_head();
    if (state_ == State::plain) return content_.read(into);
    into = into.first(std::min(into.size(), terms_.piece));
    while (!has_ended_) {
        if (stream_.avail_in == 0 && !holds_some()) {
            if (auto received = receive(); !received) return received.error();
            if (stream_.avail_in == 0) return std::size_t{0};
        }
        const auto made = make(into);
        if (!made || *made > 0) return made;
    }
    if (stream_.avail_in == 0 && !content_.at_end())
        if (auto received = receive(); !received) return received.error();
    if (stream_.avail_in == 0) return std::size_t{0};
    return log_failure(log::Level::error, "AH02485: Encountered extra data after compressed data");
}

} // namespace

http::BodySource& begin_inflating(Request& request, http::BodySource& content,
                                  const InflateTerms& terms) {
    return *new (request.arena.bytes_for<InflateSource>()) InflateSource(request, content, terms);
}

} // namespace preforkd
