#include "modules/response/compression/inflate_sink.h"

#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <zlib.h>

namespace preforkd {

namespace {

class InflateSink final : public FilterSink {
  public:
    ~InflateSink() override {
        if (ready_) inflateEnd(&stream_);
    }
    bool begin(Request& request, const InflateLimits& limits);
    Status write(std::string_view bytes) override;
    Status finish() override;

  private:
    Status fail(std::string_view why);
    Status pass_on();

    z_stream stream_{};
    bool ready_ = false;
    bool begun_ = false;
    bool plain_ = false; // whatever the head says
    bool ended_ = false; // what follows the compressed content is left out
    InflateWatch watch_;
    Request* request_ = nullptr;
    std::array<char, 16 * 1024> output_;
};

bool InflateSink::begin(Request& request, const InflateLimits& limits) {
    request_ = &request;
    watch_ = InflateWatch(limits);
    begun_ = plain_ = ended_ = false;
    const int outcome =
        ready_ ? inflateReset(&stream_) : inflateInit2(&stream_, any_window_of_gzip);
    ready_ = outcome == Z_OK;
    if (!ready_)
        request.log("deflate", log::Level::error,
                    fmt::format("AH01397: unable to init Zlib: inflateInit2 returned {}: URL {}",
                                outcome, request.uri));
    return ready_;
}

Status InflateSink::fail(std::string_view why) {
    request_->log("deflate", log::Level::error, why);
    request_->response.filter_failed = true;
    return Error{"the content is not what its coding says", EINVAL};
}

Status InflateSink::pass_on() {
    return next_->write({output_.data(), output_.size() - stream_.avail_out});
}

Status InflateSink::write(std::string_view bytes) {
    withdraw_length(request_->response); // a filter before this one may have told its own
    if (!std::exchange(begun_, true)) plain_ = !bytes.starts_with("\x1f\x8b");
    if (plain_) return next_->write(bytes);
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    while (stream_.avail_in > 0 && !ended_) {
        stream_.next_out = reinterpret_cast<Bytef*>(output_.data());
        stream_.avail_out = static_cast<uInt>(output_.size());
        const int outcome = inflate(&stream_, Z_NO_FLUSH);
        ended_ = outcome == Z_STREAM_END;
        if (outcome != Z_OK && !ended_)
            return fail(fmt::format("AH01409: Zlib error {} inflating data ({})", outcome,
                                    stream_.msg ? stream_.msg : ""));
        if (watch_.is_too_much(stream_.total_in, stream_.total_out))
            return fail(fmt::format("AH02650: Inflated content ratio is larger than the configured "
                                    "limit {} by {} time(s)",
                                    watch_.limits().ratio, watch_.limits().burst));
        if (auto passed = pass_on(); !passed) return passed;
    }
    return {};
}

Status InflateSink::finish() {
    if (!ended_ && stream_.total_in > 0) return fail("AH01401: Zlib: Validation bytes not present");
    return next_->finish();
}

} // namespace

FilterSink* begin_inflating(Request& request, const InflateLimits& limits) {
    static InflateSink sink;
    return sink.begin(request, limits) ? &sink : nullptr;
}

} // namespace preforkd
