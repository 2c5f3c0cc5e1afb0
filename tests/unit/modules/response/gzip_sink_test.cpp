#include "modules/response/compression/gzip_sink.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace preforkd {

namespace {

// Keeps what comes, and in how many pieces.
class Recorder final : public http::BodySink {
  public:
    Status write(std::string_view bytes) override {
        content.append(bytes);
        ++pieces;
        return {};
    }
    Status send_file(int, off_t, std::size_t) override { return Error{"no files here"}; }
    Status flush() override { return {}; }
    Status finish() override {
        finished = true;
        return {};
    }
    std::string content;
    int pieces = 0;
    bool finished = false;
};

class Gzip : public ::testing::Test {
  protected:
    http::BodySink& begin(const GzipParameters& parameters = {}) {
        recorder = {};
        request.response.length.reset();
        auto& sink = *begin_gzip(request, parameters);
        sink.pass_to(recorder);
        return sink;
    }

    // What a client reads, or nothing where the format is broken.
    std::string inflated() const {
        std::string text(1 << 21, '\0');
        z_stream stream{};
        inflateInit2(&stream, 15 + 16);
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(recorder.content.data()));
        stream.avail_in = static_cast<uInt>(recorder.content.size());
        stream.next_out = reinterpret_cast<Bytef*>(text.data());
        stream.avail_out = static_cast<uInt>(text.size());
        const bool whole = inflate(&stream, Z_FINISH) == Z_STREAM_END;
        text.resize(whole ? stream.total_out : 0);
        inflateEnd(&stream);
        return text;
    }

    // Text that hardly gets smaller.
    static std::string noise(std::size_t size) {
        std::string text;
        for (std::uint32_t state = 1; text.size() < size; state = state * 1664525 + 1013904223)
            text.push_back(static_cast<char>(state >> 24));
        return text;
    }

    Arena arena;
    ConnectionFacts facts;
    Request request{facts, arena};
    Recorder recorder;
};

} // namespace

TEST_F(Gzip, ReadsBackAsWhatWasWritten) {
    auto& sink = begin();
    ASSERT_TRUE(sink.write("once upon "));
    ASSERT_TRUE(sink.write("a time"));
    ASSERT_TRUE(sink.finish());
    EXPECT_EQ(inflated(), "once upon a time");
    EXPECT_TRUE(recorder.finished);
}

TEST_F(Gzip, TellsTheLengthOfWhatFitsTheBuffer) {
    auto& sink = begin();
    ASSERT_TRUE(sink.write(std::string(100000, 'x')));
    ASSERT_TRUE(sink.finish());
    EXPECT_EQ(recorder.pieces, 1);
    EXPECT_EQ(request.response.length, recorder.content.size());
    EXPECT_LT(recorder.content.size(), 1000U);
}

TEST_F(Gzip, PassesOnWhatIsMoreInPiecesWithoutALength) {
    auto& sink = begin();
    const auto text = noise(1 << 20);
    ASSERT_TRUE(sink.write(text));
    ASSERT_TRUE(sink.finish());
    EXPECT_GT(recorder.pieces, 100);
    EXPECT_FALSE(request.response.length);
    EXPECT_EQ(inflated(), text);
}

TEST_F(Gzip, FlushedContentCanBeReadBeforeTheEnd) {
    auto& sink = begin();
    ASSERT_TRUE(sink.write("now"));
    ASSERT_TRUE(sink.flush());
    EXPECT_GT(recorder.content.size(), 10U);
    ASSERT_TRUE(sink.write(", and then"));
    ASSERT_TRUE(sink.flush());
    ASSERT_TRUE(sink.finish());
    EXPECT_EQ(inflated(), "now, and then");
}

TEST_F(Gzip, AnAbandonedResponseLeavesNothingInTheNext) {
    ASSERT_TRUE(begin().write("never finished"));
    auto& sink = begin();
    ASSERT_TRUE(sink.write("the next"));
    ASSERT_TRUE(sink.finish());
    EXPECT_EQ(inflated(), "the next");
}

TEST_F(Gzip, OtherParametersReadBackToo) {
    for (const auto& parameters :
         {GzipParameters{.level = 1, .window = 9, .memory = 1, .buffer = 1},
          GzipParameters{.level = 9, .buffer = 100000}}) {
        auto& sink = begin(parameters);
        const auto text = noise(5000);
        ASSERT_TRUE(sink.write(text));
        ASSERT_TRUE(sink.finish());
        EXPECT_EQ(inflated(), text);
    }
}

} // namespace preforkd
