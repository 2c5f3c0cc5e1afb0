#include "modules/response/compression/gzip_sink.h"

#include <cerrno>
#include <fmt/format.h>
#include <string>
#include <zlib.h>

namespace preforkd {

namespace {

// No name, no time, made on Unix.
constexpr std::string_view head{"\x1f\x8b\x08\0\0\0\0\0\0\x03", 10};
constexpr std::size_t most_kept = 1024 * 1024;

class GzipSink final : public FilterSink {
  public:
    ~GzipSink() override {
        if (ready_) deflateEnd(&stream_);
    }
    // Whether zlib could be made ready.
    bool begin(Request& request, const GzipParameters& parameters);
    Status write(std::string_view bytes) override;
    Status flush() override;
    Status finish() override;

  private:
    int make_ready(const GzipParameters& parameters);
    void make_room();
    void take_output();
    Status pass_on();
    Status drain(int how);
    void append_trailer();

    z_stream stream_{};
    GzipParameters parameters_;
    bool ready_ = false;
    Request* request_ = nullptr;
    uLong checksum_ = 0;
    bool passed_some_ = false;
    std::string output_;     // what was not passed on yet
    std::size_t filled_ = 0; // how much of its end zlib has written, the rest is room
};

// Answers zlib's word for what went wrong, or Z_OK.
int GzipSink::make_ready(const GzipParameters& parameters) {
    if (ready_ && parameters == parameters_) return deflateReset(&stream_);
    if (ready_) deflateEnd(&stream_);
    stream_ = {};
    parameters_ = parameters;
    const int outcome = deflateInit2(&stream_, parameters.level, Z_DEFLATED, -parameters.window,
                                     parameters.memory, Z_DEFAULT_STRATEGY);
    ready_ = outcome == Z_OK;
    return outcome;
}

bool GzipSink::begin(Request& request, const GzipParameters& parameters) {
    if (const int outcome = make_ready(parameters); outcome != Z_OK) {
        request.log("deflate", log::Level::error,
                    fmt::format("AH01383: unable to init Zlib: deflateInit2 returned {}: URL {}",
                                outcome, request.uri));
        return false;
    }
    request_ = &request;
    checksum_ = crc32(0, nullptr, 0);
    passed_some_ = false;
    if (output_.capacity() > most_kept) output_ = {};
    output_.assign(head);
    filled_ = output_.size();
    make_room();
    return true;
}

void GzipSink::make_room() {
    output_.resize(filled_ + parameters_.buffer);
    stream_.next_out = reinterpret_cast<Bytef*>(output_.data() + filled_);
    stream_.avail_out = static_cast<uInt>(parameters_.buffer);
}

void GzipSink::take_output() { filled_ = output_.size() - stream_.avail_out; }

Status GzipSink::pass_on() {
    passed_some_ = true;
    const auto passed = next_->write({output_.data(), filled_});
    filled_ = 0;
    make_room();
    return passed;
}

Status GzipSink::write(std::string_view bytes) {
    auto* content = reinterpret_cast<const Bytef*>(bytes.data());
    checksum_ = crc32_z(checksum_, content, bytes.size());
    stream_.next_in = const_cast<Bytef*>(content);
    stream_.avail_in = static_cast<uInt>(bytes.size());
    while (stream_.avail_in != 0) {
        if (stream_.avail_out == 0) {
            take_output();
            if (auto passed = pass_on(); !passed) return passed;
        }
        if (deflate(&stream_, Z_NO_FLUSH) != Z_OK) return Error{"deflate", EIO};
    }
    return {};
}

// Everything that zlib holds, into the output, which grows.
Status GzipSink::drain(int how) {
    stream_.avail_in = 0;
    for (;;) {
        const int outcome = deflate(&stream_, how);
        if (outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR)
            return Error{"deflate", EIO};
        take_output();
        const bool full = stream_.avail_out == 0;
        if (full) make_room();
        if (outcome == Z_STREAM_END || (how == Z_SYNC_FLUSH && !full)) return {};
    }
}

Status GzipSink::flush() {
    if (auto drained = drain(Z_SYNC_FLUSH); !drained) return drained;
    if (auto passed = pass_on(); !passed) return passed;
    return next_->flush();
}

// The checksum and the length of the content, lowest byte first (RFC 1952 §2.3).
void GzipSink::append_trailer() {
    output_.resize(filled_);
    for (const uLong number : {checksum_, stream_.total_in})
        for (int shift = 0; shift < 32; shift += 8)
            output_.push_back(static_cast<char>(number >> shift & 0xff));
}

Status GzipSink::finish() {
    if (auto drained = drain(Z_FINISH); !drained) return drained;
    append_trailer();
    if (parameters_.notes) parameters_.notes->tell(*request_, stream_.total_in, stream_.total_out);
    if (!passed_some_) request_->response.length = output_.size();
    if (auto passed = next_->write(output_); !passed) return passed;
    return next_->finish();
}

} // namespace

FilterSink* begin_gzip(Request& request, const GzipParameters& parameters) {
    static GzipSink sink;
    return sink.begin(request, parameters) ? &sink : nullptr;
}

} // namespace preforkd
