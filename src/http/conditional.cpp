#include "http/conditional.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/text.h"
#include "http/date.h"

namespace preforkd::http {

namespace {

// A file may change twice within them and keep its date (Apache counts as many).
constexpr std::time_t seconds_of_doubt = 60;

std::string_view opaque_part(std::string_view etag) {
    return etag.starts_with("W/") ? etag.substr(2) : etag;
}

bool matches_strongly(std::string_view one, std::string_view other) {
    return one == other && !one.starts_with("W/");
}

bool matches_weakly(std::string_view one, std::string_view other) {
    return opaque_part(one) == opaque_part(other);
}

// Takes the next entity tag from a list; commas stand in quotes, too. Empty at the end, or where
// the list is no list of tags.
std::string_view take_tag(std::string_view& list) {
    list.remove_prefix(std::min(list.find_first_not_of(", \t"), list.size()));
    const auto open = list.starts_with("W/") ? 2U : 0U;
    if (open >= list.size() || list[open] != '"') return {};
    const auto close = list.find('"', open + 1);
    if (close == std::string_view::npos) return {};
    const auto tag = list.substr(0, close + 1);
    list.remove_prefix(tag.size());
    const auto next = list.find_first_not_of(" \t");
    if (next != std::string_view::npos && list[next] != ',') list = {};
    return tag;
}

// Whether any field of that name lists an entity tag that matches.
bool any_matches(const RequestHead& request, FieldId id, std::string_view etag,
                 bool (*matches)(std::string_view, std::string_view)) {
    for (const auto& field : request.fields) {
        if (field.id != id) continue;
        if (field.value == "*") return true;
        if (etag.empty()) continue;
        auto list = field.value;
        for (auto tag = take_tag(list); !tag.empty(); tag = take_tag(list))
            if (matches(tag, etag)) return true;
    }
    return false;
}

// The value of a field that may stand only once, or nullptr.
const std::string_view* only(const RequestHead& request, FieldId id) {
    const auto* value = request.fields.find(id);
    if (!value) return nullptr;
    const auto count = std::count_if(request.fields.begin(), request.fields.end(),
                                     [id](const Field& field) { return field.id == id; });
    return count == 1 ? value : nullptr;
}

// A list of dates is no date (RFC 9110 §13.1.3).
std::optional<std::time_t> date_in(const RequestHead& request, FieldId id) {
    const auto* value = only(request, id);
    return value ? parse_date(*value) : std::nullopt;
}

bool reads_only(const RequestHead& request) {
    return request.method == Method::get || request.method == Method::head;
}

// RFC 9110 §13.1.5: a validator that is not strong and exactly the same asks for the whole.
bool if_range_holds(const RequestHead& request, const Validators& validators, std::time_t now) {
    if (!request.fields.has(FieldId::if_range)) return true;
    const auto* condition = only(request, FieldId::if_range);
    if (!condition) return false;
    if (condition->starts_with('"') || condition->starts_with("W/"))
        return matches_strongly(*condition, validators.etag);
    const auto date = parse_date(*condition);
    return date && validators.last_modified && *date == *validators.last_modified &&
           now - *date >= seconds_of_doubt;
}

// A number that is too large for any file stays one.
std::optional<std::uint64_t> parse_position(std::string_view text) {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    std::uint64_t value = 0;
    const auto end = text.data() + text.size();
    const auto [stopped, problem] = std::from_chars(text.data(), end, value);
    if (problem == std::errc::invalid_argument || stopped != end) return std::nullopt;
    return problem == std::errc() ? std::min(value, most) : most;
}

enum class Reading : unsigned char { range, beyond_the_end, malformed };

Reading read_range(std::string_view text, std::uint64_t length, ByteRange& range) {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return Reading::malformed;
    const auto first = parse_position(text.substr(0, dash));
    const auto last = parse_position(text.substr(dash + 1));
    if (dash == 0) {
        if (!last) return Reading::malformed;
        if (*last == 0 || length == 0) return Reading::beyond_the_end;
        range = {length - std::min(*last, length), length - 1};
        return Reading::range;
    }
    if (!first || (!last && dash + 1 < text.size()) || (last && *last < *first))
        return Reading::malformed;
    if (*first >= length) return Reading::beyond_the_end;
    range = {*first, std::min(last.value_or(length - 1), length - 1)};
    return Reading::range;
}

// Joins a range to the one before it where they touch, as Apache does; false where they do not.
bool join(ByteRange& open, const ByteRange& next, int& reversals) {
    const bool touches = next.first <= open.last + 1 && next.last + 1 >= open.first;
    if (!touches) return false;
    if (next.first < open.first) {
        open.first = next.first;
        ++reversals;
    }
    open.last = std::max(open.last, next.last);
    return true;
}

} // namespace

int evaluate_preconditions(const RequestHead& request, const Validators& validators,
                           std::time_t now) {
    const auto& fields = request.fields;
    if (fields.has(FieldId::if_match)) {
        if (!any_matches(request, FieldId::if_match, validators.etag, matches_strongly)) return 412;
    } else if (const auto date = date_in(request, FieldId::if_unmodified_since)) {
        if (validators.last_modified && *validators.last_modified > *date) return 412;
    }
    if (fields.has(FieldId::if_none_match)) {
        if (any_matches(request, FieldId::if_none_match, validators.etag, matches_weakly))
            return reads_only(request) ? 304 : 412;
    } else if (const auto date = date_in(request, FieldId::if_modified_since)) {
        // A date in the future says nothing (RFC 9110 §13.1.3 lets a server ignore it).
        if (reads_only(request) && validators.last_modified && *date <= now &&
            *validators.last_modified <= *date)
            return 304;
    }
    return 0;
}

RangeOutcome evaluate_ranges(const RequestHead& request, const Validators& validators,
                             std::uint64_t length, const RangeLimits& limits, std::time_t now) {
    RangeOutcome outcome;
    const auto* field = only(request, FieldId::range);
    if (!field || !istarts_with(*field, "bytes=") || !if_range_holds(request, validators, now))
        return outcome;
    const auto pieces = split(field->substr(6), ',');
    if (static_cast<long long>(pieces.size()) > limits.ranges) return outcome;

    std::vector<ByteRange> ranges;
    bool any = false;
    int overlaps = 0;
    int reversals = 0;
    for (auto piece : pieces) {
        if (piece.empty()) continue;
        any = true;
        ByteRange range;
        const Reading reading = read_range(piece, length, range);
        if (reading == Reading::malformed) return outcome;
        if (reading == Reading::beyond_the_end) continue;
        if (!ranges.empty() && join(ranges.back(), range, reversals)) {
            ++overlaps;
            continue;
        }
        if (!ranges.empty() && range.first < ranges.back().first) ++reversals;
        ranges.push_back(range);
    }
    if (!any || overlaps > limits.overlaps || reversals > limits.reversals) return outcome;
    std::uint64_t sum = 0;
    for (const auto& range : ranges) sum += range.length();
    if (sum > length) return outcome;
    outcome.kind = ranges.empty() ? RangeOutcome::Kind::unsatisfiable : RangeOutcome::Kind::partial;
    outcome.ranges = std::move(ranges);
    return outcome;
}

} // namespace preforkd::http
