// A whole connection's bytes through the request reader, in one piece and byte by byte: it must
// understand the same.
#include <algorithm>
#include <array>
#include <string>

#include "fuzz/input.h"
#include "http/request_reader.h"
#include "support/scripted_stream.h"

namespace preforkd {

namespace {

using fuzz::must;

constexpr auto patience =
    http::ReadPatience{.first = {}, .most = {}, .rate = 0, .otherwise = std::chrono::seconds(60)};

bool is_plain(std::string_view text) {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

void check(const http::RequestHead& head) {
    must(is_plain(head.request_line) && is_plain(head.target) && !head.method_name.empty());
    must(!(head.chunked && head.content_length));
    for (const auto& field : head.fields)
        must(!field.name.empty() && is_plain(field.name) && is_plain(field.value));
}

std::string content_of(http::RequestReader& reader, http::RequestHead& head, Arena& arena,
                       bool& whole) {
    std::string content;
    if (!head.has_content()) return content;
    auto& source = reader.content(head, {.patience = patience}, arena);
    std::array<char, 512> piece;
    for (;;) {
        const auto count = source.read(piece);
        whole = count.has_value();
        if (!whole || *count == 0) return content;
        content.append(piece.data(), *count);
    }
}

// Everything that was understood, as one text.
std::string hear(testing::ScriptedStream& stream) {
    std::string heard;
    http::RequestReader reader(stream);
    for (bool whole = true; whole;) {
        Arena arena;
        http::RequestHead head(arena);
        const auto received = reader.read_head(head, http::Limits{},
                                               Deadline::after(std::chrono::seconds(60)), patience);
        if (std::holds_alternative<http::NoRequest>(received)) break;
        if (const auto* malformed = std::get_if<http::MalformedRequest>(&received)) {
            must(malformed->status >= 400 && !malformed->reason.empty());
            return heard + std::to_string(malformed->status);
        }
        check(head);
        heard.append(head.request_line) += '\n';
        for (const auto& field : head.fields)
            heard.append(field.name).append(":").append(field.value) += '\n';
        const auto content = content_of(reader, head, arena, whole);
        heard += whole ? content : "broken";
    }
    return heard;
}

} // namespace

} // namespace preforkd

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace preforkd;
    const auto bytes = fuzz::text_of(data, size);
    testing::ScriptedStream whole;
    if (!bytes.empty()) whole.say(bytes);
    testing::ScriptedStream trickle;
    trickle.say_byte_by_byte(bytes);
    fuzz::must(hear(whole) == hear(trickle));
    return 0;
}
