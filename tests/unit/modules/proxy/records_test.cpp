#include "modules/proxy/fcgi/records.h"

#include <gtest/gtest.h>

namespace preforkd::fcgi {

namespace {

using namespace std::string_view_literals;
using Kind = RecordReader::Kind;

// FastCGI Specification 1.0, §3.4 and §5.2.
TEST(FcgiRecords, TellParametersByTheirLengths) {
    Parameters parameters;
    parameters.add("A", "b");
    parameters.add("LONG", std::string(200, 'x'));
    std::string text;
    parameters.append_to(text);
    const auto expected = "\x01\x04\0\x01\0\xd5\0\0\x01\x01"
                          "Ab\x04\x80\0\0\xc8LONG"sv;
    EXPECT_EQ(text.substr(0, expected.size()), expected);
    EXPECT_TRUE(text.ends_with("\x01\x04\0\x01\0\0\0\0"sv));
}

TEST(FcgiRecords, AreTakenApartHoweverTheyCome) {
    const auto text = "\x01\x06\0\x01\0\x05\x03\0helloppp"
                      "\x01\x07\0\x01\0\x02\0\0no"
                      "\x01\x0b\0\x01\0\0\0\0"
                      "\x01\x03\0\x01\0\x08\0\0\0\0\0\0\0\0\0\0"sv;
    for (const std::size_t size : {1UL, 3UL, text.size()}) {
        RecordReader reader;
        std::string said;
        bool ended = false;
        for (auto rest = text; !rest.empty() && !ended;) {
            auto part = rest.substr(0, size);
            rest.remove_prefix(part.size());
            while (!part.empty() && !ended) {
                const auto piece = reader.take(part);
                if (piece.kind == Kind::errors) said += '!';
                if (piece.kind == Kind::unknown) said += '?';
                said += piece.content;
                ended = piece.kind == Kind::end;
            }
        }
        EXPECT_TRUE(ended);
        std::erase(said, '!');
        EXPECT_EQ(said, "hellono?") << size;
    }
}

TEST(FcgiRecords, OfAnotherVersionOrRequestAreAProblem) {
    RecordReader other_version, other_request;
    auto text = "\x02\x06\0\x01\0\x01\0\0x"sv;
    other_version.take(text);
    EXPECT_EQ(other_version.problem(), RecordReader::Problem::version);
    EXPECT_EQ(other_version.culprit(), 2);
    text = "\x01\x06\0\x07\0\x01\0\0x"sv;
    other_request.take(text);
    EXPECT_EQ(other_request.problem(), RecordReader::Problem::id);
    EXPECT_EQ(other_request.culprit(), 7);
}

} // namespace

} // namespace preforkd::fcgi
