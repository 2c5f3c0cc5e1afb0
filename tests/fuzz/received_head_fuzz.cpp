// The head of another server's response, and its content: nothing that comes breaks the parser, a
// head is within what was received, and content is the same however the bytes are cut.
#include <string>

#include "fuzz/input.h"
#include "http/content_decoder.h"
#include "http/received_head.h"

namespace preforkd {

namespace {

std::string decode(http::ContentDecoder decoder, std::string_view bytes, std::size_t piece_size) {
    std::string content;
    while (!bytes.empty() && !decoder.at_end()) {
        auto part = bytes.substr(0, piece_size);
        bytes.remove_prefix(part.size());
        while (!part.empty() && !decoder.at_end()) content += decoder.take(part);
    }
    return content + (decoder.is_malformed() ? "!" : "");
}

} // namespace

} // namespace preforkd

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace preforkd;
    const auto bytes = fuzz::text_of(data, size);
    const auto end = http::end_of_received_head(bytes);
    if (end == bytes.npos) return 0;
    fuzz::must(end <= bytes.size());
    for (const auto bad_line :
         {http::BadLine::refuse, http::BadLine::ignore, http::BadLine::begin_content}) {
        Arena arena;
        http::ReceivedHead head(arena);
        const auto outcome =
            http::parse_received_head(bytes.substr(0, end), bad_line, arena, head);
        fuzz::must(outcome.size <= end);
        if (outcome.problem != http::HeadProblem::none) continue;
        const auto rest = bytes.substr(outcome.size);
        const auto decoder = head.chunked ? http::ContentDecoder::chunked()
                             : head.content_length
                                 ? http::ContentDecoder::of_length(*head.content_length)
                                 : http::ContentDecoder::until_close();
        fuzz::must(decode(decoder, rest, 1) == decode(decoder, rest, rest.size() + 1));
    }
    return 0;
}
