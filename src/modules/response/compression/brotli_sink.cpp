#include "modules/response/compression/brotli_sink.h"

#include <brotli/encode.h>
#include <cerrno>
#include <memory>

namespace preforkd {

namespace {

class BrotliSink final : public FilterSink {
  public:
    bool begin(Request& request, const BrotliParameters& parameters);
    Status write(std::string_view bytes) override {
        return encode(BROTLI_OPERATION_PROCESS, bytes);
    }
    Status flush() override {
        if (auto encoded = encode(BROTLI_OPERATION_FLUSH, {}); !encoded) return encoded;
        return next_->flush();
    }
    Status finish() override;

  private:
    struct Free {
        void operator()(BrotliEncoderState* state) const { BrotliEncoderDestroyInstance(state); }
    };
    void set(BrotliEncoderParameter parameter, int value) {
        BrotliEncoderSetParameter(state_.get(), parameter, static_cast<std::uint32_t>(value));
    }
    Status encode(BrotliEncoderOperation operation, std::string_view bytes);

    std::unique_ptr<BrotliEncoderState, Free> state_;
    Request* request_ = nullptr;
    const SizeNotes* notes_ = nullptr;
    std::uint64_t before_ = 0, after_ = 0; // bytes
};

bool BrotliSink::begin(Request& request, const BrotliParameters& parameters) {
    state_.reset(BrotliEncoderCreateInstance(nullptr, nullptr, nullptr));
    if (!state_) return false;
    set(BROTLI_PARAM_QUALITY, parameters.quality);
    set(BROTLI_PARAM_LGWIN, parameters.window);
    set(BROTLI_PARAM_LGBLOCK, parameters.input_block);
    request_ = &request;
    notes_ = parameters.notes;
    before_ = after_ = 0;
    return true;
}

Status BrotliSink::encode(BrotliEncoderOperation operation, std::string_view bytes) {
    before_ += bytes.size();
    auto* next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
    std::size_t left = bytes.size(), no_room = 0;
    do {
        if (!BrotliEncoderCompressStream(state_.get(), operation, &left, &next_in, &no_room,
                                         nullptr, nullptr)) {
            request_->log("brotli", log::Level::error, "AH03459: Error while compressing data");
            return Error{"brotli", EIO};
        }
        std::size_t size = 0;
        const auto* made = BrotliEncoderTakeOutput(state_.get(), &size);
        after_ += size;
        if (size == 0) continue;
        if (auto passed = next_->write({reinterpret_cast<const char*>(made), size}); !passed)
            return passed;
    } while (left > 0 || BrotliEncoderHasMoreOutput(state_.get()));
    return {};
}

Status BrotliSink::finish() {
    if (auto encoded = encode(BROTLI_OPERATION_FINISH, {}); !encoded) return encoded;
    if (notes_) notes_->tell(*request_, before_, after_);
    state_.reset();
    return next_->finish();
}

} // namespace

// One a child, for the response that it makes just now.
FilterSink* begin_brotli(Request& request, const BrotliParameters& parameters) {
    static BrotliSink sink;
    return sink.begin(request, parameters) ? &sink : nullptr;
}

} // namespace preforkd
