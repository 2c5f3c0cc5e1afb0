#include "http/framing.h"

#include <charconv>

#include "base/text.h"
#include "http/request_line.h"

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

// Content of codings that nobody here decodes still ends where `chunked`, the last of them, says
// (RFC 9112 §6.1); without it nobody knows where (§6.3).
MalformedRequest explain_codings(std::string_view codings) {
    const auto list = split(codings, ',');
    int chunked = 0;
    for (const auto coding : list) {
        if (!is_token(trim(coding.substr(0, coding.find(';')))))
            return {400, "malformed Transfer-Encoding", {}};
        if (iequals(coding, "chunked")) ++chunked;
    }
    if (chunked != 1 || !iequals(list.back(), "chunked"))
        return {400, "chunked is not the last Transfer-Encoding", {}};
    return {501, "unknown Transfer-Encoding", {}};
}

std::optional<MalformedRequest> check_coding(RequestHead& head, const Counts& counts) {
    if (!head.at_least(1, 1))
        return MalformedRequest{400, "Transfer-Encoding in a request older than HTTP/1.1", {}};
    if (counts.codings > 1) return MalformedRequest{400, "more than one Transfer-Encoding", {}};
    if (counts.lengths > 0)
        return MalformedRequest{400, "both Transfer-Encoding and Content-Length", {}};
    const auto codings = head.fields.value_or_empty(FieldId::transfer_encoding);
    head.chunked = iequals(codings, "chunked");
    if (head.chunked) return std::nullopt;
    return explain_codings(codings);
}

// RFC 9110 §10.1.1: there is one expectation, and it does not count in HTTP/1.0.
std::optional<MalformedRequest> check_expectation(RequestHead& head) {
    if (!head.fields.has(FieldId::expect)) return std::nullopt;
    int expectations = 0;
    bool known = true;
    for (const auto& field : head.fields) {
        if (field.id != FieldId::expect || field.value.empty()) continue;
        ++expectations;
        known = known && iequals(field.value, "100-continue");
    }
    if (expectations > 1 || !known) return MalformedRequest{417, "unknown expectation", {}};
    head.expects_continue = expectations == 1 && head.at_least(1, 1);
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
    return check_expectation(head);
}

} // namespace preforkd::http
