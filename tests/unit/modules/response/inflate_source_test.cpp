#include "modules/response/compression/inflate_source.h"

#include <cerrno>
#include <gtest/gtest.h>
#include <zlib.h>

namespace preforkd {

namespace {

// Gives out its text in pieces of one size.
class Pieces final : public http::BodySource {
  public:
    Pieces(std::string text, std::size_t size) : text_(std::move(text)), size_(size) {}
    Result<std::size_t> read(std::span<char> into) override {
        const auto count = text_.copy(into.data(), std::min(into.size(), size_), at_);
        at_ += count;
        return count;
    }
    bool at_end() const override { return at_ == text_.size(); }

  private:
    std::string text_;
    std::size_t size_, at_ = 0;
};

std::string gzipped(std::string_view text) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string made(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(made.data());
    stream.avail_out = static_cast<uInt>(made.size());
    deflate(&stream, Z_FINISH);
    made.resize(stream.total_out);
    deflateEnd(&stream);
    return made;
}

class InflateContent : public ::testing::Test {
  protected:
    struct Outcome {
        std::string text;
        int code = 0; // of the failure
    };

    // What a handler gets that reads `room` bytes at a time.
    Outcome read_all(std::string content, std::size_t piece, std::size_t room,
                     std::uint64_t most = 0, std::string_view coding = "gzip") {
        request.head.fields.set(http::FieldId::content_encoding, coding);
        Pieces pieces(std::move(content), piece);
        auto& source =
            begin_inflating(request, pieces, {.limits = {}, .most = most, .piece = 4096});
        Outcome outcome;
        std::string into(room, '\0');
        while (!source.at_end()) {
            const auto count = source.read(into);
            if (!count) outcome.code = count.error().code;
            if (!count || *count == 0) {
                EXPECT_TRUE(!count || source.at_end());
                break;
            }
            outcome.text.append(into, 0, *count);
        }
        return outcome;
    }

    static std::string lines() {
        std::string text;
        for (int i = 0; i < 4000; ++i) text += "line " + std::to_string(i * i) + "\n";
        return text;
    }

    Arena arena;
    config::Server server;
    ConnectionFacts facts;
    Request request{facts, arena};
};

} // namespace

TEST_F(InflateContent, IsTheSameInWhateverPiecesItComesAndIsTaken) {
    const auto text = lines();
    const auto coded = gzipped(text);
    for (const std::size_t piece : {1, 7, 8192, 1 << 20})
        for (const std::size_t room : {1, 100, 65536}) {
            const auto outcome = read_all(coded, piece, room);
            EXPECT_EQ(outcome.code, 0) << piece << " " << room;
            EXPECT_EQ(outcome.text, text) << piece << " " << room;
        }
}

TEST_F(InflateContent, IsPassedOnAsItIsUnderAnotherCoding) {
    EXPECT_EQ(read_all("plain", 2, 100, 0, "br").text, "plain");
    EXPECT_EQ(read_all("plain", 2, 100, 0, "gzip, br").text, "plain");
}

TEST_F(InflateContent, TheCodingIsGoneFromTheHeadOnceItIsRead) {
    EXPECT_EQ(read_all(gzipped("x"), 100, 100, 0, "br, gzip").text, "x");
    EXPECT_EQ(*request.head.fields.find(http::FieldId::content_encoding), "br");
}

TEST_F(InflateContent, FailsAtWhateverPointItEndsTooEarly) {
    const auto coded = gzipped("some text");
    EXPECT_EQ(read_all("", 3, 100).code, 0);
    for (std::size_t size = 1; size < coded.size(); ++size)
        EXPECT_EQ(read_all(coded.substr(0, size), 3, 100).code, EBADMSG) << size;
}

TEST_F(InflateContent, FailsWhereSomethingFollowsIt) {
    const auto outcome = read_all(gzipped("some text") + "more", 3, 100);
    EXPECT_EQ(outcome.text, "some text");
    EXPECT_EQ(outcome.code, EBADMSG);
}

TEST_F(InflateContent, FailsWhereItBecomesMoreThanItMay) {
    EXPECT_EQ(read_all(gzipped("0123456789"), 100, 100, 10).text, "0123456789");
    EXPECT_EQ(read_all(gzipped("0123456789"), 100, 100, 9).code, ENOSPC);
}

TEST_F(InflateContent, FailsWhereItGrowsOutOfAllProportion) {
    const auto outcome = read_all(gzipped(std::string(10 << 20, 'x')), 8192, 65536);
    EXPECT_EQ(outcome.code, EINVAL);
    EXPECT_LT(outcome.text.size(), 4U << 20);
}

} // namespace preforkd
