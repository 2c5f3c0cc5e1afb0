#include "http/framing.h"

#include <charconv>

#include "base/text.h"

namespace preforkd::http {

namespace {

// Digits and nothing else (RFC 9110 §8.6).
bool parse_length(std::string_view text, std::optional<std::uint64_t>& length) {
    std::uint64_t value = 0;
    if (text.empty() || !is_digit(text.front())) return false;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    // The highest bit stays free, so that an offset in a file can hold it.
    if (problem != std::errc() || end != text.data() + text.size() || value >> 63) return false;
    length = value;
    return true;
}

struct Counts {
    int hosts = 0;
    int lengths = 0;
    int codings = 0;
};

Counts count_decisive_fields(const Fields& fields) {
    Counts counts;
    for (const auto& field : fields) {
        if (field.id == FieldId::host) ++counts.hosts;
        else if (field.id == FieldId::content_length) ++counts.lengths;
        else if (field.id == FieldId::transfer_encoding) ++counts.codings;
    }
    return counts;
}

std::optional<MalformedRequest> check_coding(RequestHead& head, const Counts& counts) {
    if (!head.at_least(1, 1))
        return MalformedRequest{400, "Transfer-Encoding in a request older than HTTP/1.1", {}};
    if (counts.codings > 1) return MalformedRequest{400, "more than one Transfer-Encoding", {}};
    if (counts.lengths > 0)
        return MalformedRequest{400, "both Transfer-Encoding and Content-Length", {}};
    const auto coding = head.fields.value_or_empty(FieldId::transfer_encoding);
    if (coding.empty()) return MalformedRequest{400, "empty Transfer-Encoding", {}};
    // A list is more than this server decodes; `chunked` in the wrong place frames nothing at all.
    if (!iequals(coding, "chunked"))
        return iends_with(coding, "chunked") || coding.find(',') == std::string_view::npos
                   ? MalformedRequest{501, "unknown Transfer-Encoding", {}}
                   : MalformedRequest{400, "chunked is not the last Transfer-Encoding", {}};
    head.chunked = true;
    return std::nullopt;
}

} // namespace

std::optional<MalformedRequest> determine_framing(RequestHead& head) {
    const Counts counts = count_decisive_fields(head.fields);
    if (counts.hosts > 1) return MalformedRequest{400, "more than one Host", {}};
    if (counts.codings > 0)
        if (const auto problem = check_coding(head, counts)) return problem;
    if (counts.lengths > 1) return MalformedRequest{400, "more than one Content-Length", {}};
    if (counts.lengths == 1 &&
        !parse_length(head.fields.value_or_empty(FieldId::content_length), head.content_length))
        return MalformedRequest{400, "invalid Content-Length", {}};
    const auto* expectation = head.fields.find(FieldId::expect);
    if (expectation && head.at_least(1, 1) && !iequals(*expectation, "100-continue"))
        return MalformedRequest{417, "unknown expectation", {}};
    return std::nullopt;
}

} // namespace preforkd::http
