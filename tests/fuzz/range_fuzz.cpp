// Range, If-Range and the preconditions: a line each, behind one byte for the length of the
// content.
#include "fuzz/input.h"
#include "http/conditional.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace preforkd;
    if (size == 0) return 0;
    // 255 stands for a file larger than any there is.
    const std::uint64_t length = data[0] == 255 ? std::uint64_t{1} << 50 : data[0];
    auto rest = fuzz::text_of(data + 1, size - 1);
    Arena arena;
    http::RequestHead head(arena);
    for (const auto id : {http::FieldId::range, http::FieldId::if_range, http::FieldId::if_match,
                          http::FieldId::if_none_match, http::FieldId::if_modified_since})
        if (const auto line = fuzz::take_line(rest); !line.empty()) head.fields.add(id, line);
    const http::Validators validators{"\"abc\"", 784111777};
    const int verdict = http::evaluate_preconditions(head, validators, 1'000'000'000);
    fuzz::must(verdict == 0 || verdict == 304 || verdict == 412);

    const auto outcome = http::evaluate_ranges(head, validators, length, {}, 1'000'000'000);
    fuzz::must((outcome.kind == http::RangeOutcome::Kind::partial) == !outcome.ranges.empty());
    std::uint64_t sum = 0;
    for (const auto& range : outcome.ranges) {
        fuzz::must(range.first <= range.last && range.last < length);
        fuzz::must(range.length() <= length - sum);
        sum += range.length();
    }
    return 0;
}
