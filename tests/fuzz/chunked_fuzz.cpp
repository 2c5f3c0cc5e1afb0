// Chunked content and what follows it: however the bytes are cut, and however little is asked for
// at a time, the content is the same and ends at the same place.
#include <string>

#include "fuzz/input.h"
#include "http/request_reader.h"
#include "support/scripted_stream.h"

namespace preforkd {

namespace {

constexpr auto patience =
    http::ReadPatience{.first = {}, .most = {}, .rate = 0, .otherwise = std::chrono::seconds(60)};
constexpr std::string_view head_of_chunked =
    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";

struct Outcome {
    bool whole = false;
    std::string content;
    std::uint64_t bytes = 0;
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome decode(testing::ScriptedStream& stream, std::size_t piece_size) {
    Arena arena;
    http::RequestHead head(arena);
    http::RequestReader reader(stream);
    const auto received =
        reader.read_head(head, http::Limits{}, Deadline::after(std::chrono::seconds(60)), patience);
    fuzz::must(std::holds_alternative<http::HeadComplete>(received));
    auto& source = reader.content(head, {.patience = patience}, arena);
    std::string piece(piece_size, '\0');
    std::string content;
    for (;;) {
        const auto count = source.read(piece);
        if (!count) return {};
        if (*count == 0) break;
        content.append(piece, 0, *count);
    }
    fuzz::must(source.at_end());
    return {true, content, reader.bytes_received()};
}

} // namespace

} // namespace preforkd

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace preforkd;
    const auto bytes = fuzz::text_of(data, size);
    testing::ScriptedStream whole;
    whole.say(std::string(head_of_chunked).append(bytes));
    testing::ScriptedStream trickle;
    trickle.say(head_of_chunked);
    trickle.say_byte_by_byte(bytes);
    testing::ScriptedStream thirsty = whole;
    const auto expected = decode(whole, 4096);
    fuzz::must(decode(trickle, 4096) == expected);
    fuzz::must(decode(thirsty, 1) == expected);
    fuzz::must(expected.content.size() <= bytes.size());
    return 0;
}
