#include "pipeline/range_sink.h"

#include <limits>

#include <fmt/format.h>

#include "http/date.h"
#include "pipeline/content_settings.h"
#include "pipeline/error_page.h"
#include "pipeline/response_head.h"

namespace preforkd {

using http::FieldId;

namespace {

// "none" and "unlimited" as numbers to compare with.
int limit_of(const std::optional<int>& said, int usual) {
    if (!said) return usual;
    if (*said == no_ranges) return 0;
    return *said == unlimited_ranges ? std::numeric_limits<int>::max() : *said;
}

http::RangeLimits limits_of(const Request& request) {
    const auto& said = request.of<ContentSettings>();
    http::RangeLimits limits;
    limits.ranges = limit_of(said.max_ranges, limits.ranges);
    limits.overlaps = limit_of(said.max_range_overlaps, limits.overlaps);
    limits.reversals = limit_of(said.max_range_reversals, limits.reversals);
    return limits;
}

http::Validators validators_of(const Request& request) {
    const auto& fields = request.response.fields;
    http::Validators validators;
    validators.etag = fields.value_or_empty(FieldId::etag);
    if (const auto* modified = fields.find(FieldId::last_modified))
        validators.last_modified = http::parse_date(*modified);
    return validators;
}

bool may_have_ranges(const Request& request) {
    return request.head.method == http::Method::get && request.response.status == 200 &&
           request.response.length.value_or(0) > 0 &&
           *request.response.length <= request.response.most_cut &&
           request.head.fields.has(FieldId::range) && !request.head.simple &&
           !request.response.fields.has(FieldId::content_range);
}

std::string_view content_range(Arena& arena, const http::ByteRange& range, std::uint64_t whole) {
    return arena.copy(fmt::format("bytes {}-{}/{}", range.first, range.last, whole));
}

// Unlikely to stand in the content: when and by whom it was made.
std::string_view make_boundary(const Request& request) {
    return request.arena.copy(
        fmt::format("{:x}{:x}", request.received_at, request.connection.child_slot));
}

} // namespace

bool RangeSink::begin(Request& request) {
    if (!may_have_ranges(request)) return false;
    whole_ = *request.response.length;
    const auto outcome =
        http::evaluate_ranges(request.head, validators_of(request), whole_, limits_of(request),
                              static_cast<std::time_t>(request.received_at / 1'000'000));
    if (outcome.kind == http::RangeOutcome::Kind::whole) return false;
    parts_.clear();
    end_ = page_ = {};
    collected_.clear();
    if (outcome.kind == http::RangeOutcome::Kind::unsatisfiable) shape_unsatisfiable(request);
    else if (outcome.ranges.size() == 1) shape_single(request, outcome.ranges.front());
    else shape_multipart(request, outcome.ranges);
    return true;
}

void RangeSink::shape_unsatisfiable(Request& request) {
    auto& response = request.response;
    response.status = 416;
    response.reason = {};
    page_ = error_page(request, 416);
    response.fields.clear();
    response.fields.set(FieldId::content_range,
                        request.arena.copy(fmt::format("bytes */{}", whole_)));
    response.content_type = error_page_type;
    response.charset = {};
    request.content_encoding = {};
    request.languages.clear();
    response.length = page_.size();
}

void RangeSink::shape_single(Request& request, const http::ByteRange& range) {
    parts_.push_back({range, {}});
    request.response.status = 206;
    request.response.reason = {};
    request.response.length = range.length();
    request.response.fields.set(FieldId::content_range,
                                content_range(request.arena, range, whole_));
}

void RangeSink::shape_multipart(Request& request, const std::vector<http::ByteRange>& ranges) {
    auto& response = request.response;
    Arena& arena = request.arena;
    const auto boundary = make_boundary(request);
    const auto whole_type = content_type_with_charset(request);
    const auto type =
        whole_type.empty() ? whole_type : arena.join({"Content-type: ", whole_type, "\r\n"});
    std::uint64_t length = 0;
    for (const auto& range : ranges) {
        const auto heading =
            arena.join({"\r\n--", boundary, "\r\n", type,
                        "Content-range: ", content_range(arena, range, whole_), "\r\n\r\n"});
        parts_.push_back({range, heading});
        length += heading.size() + range.length();
    }
    end_ = arena.join({"\r\n--", boundary, "--\r\n"});
    response.status = 206;
    response.reason = {};
    response.length = length + end_.size();
    response.content_type = arena.join({"multipart/byteranges; boundary=", boundary});
    response.charset = {};
}

Status RangeSink::write(std::string_view bytes) {
    if (!page_.empty()) return {};
    if (collected_.empty() && bytes.size() == whole_) return send_parts(bytes);
    collected_.append(bytes);
    return collected_.size() < whole_ ? Status() : send_parts(collected_);
}

Status RangeSink::send_parts(std::string_view content) {
    for (const auto& part : parts_) {
        if (auto sent = next_->write(part.heading); !sent) return sent;
        if (auto sent = next_->write(content.substr(part.range.first, part.range.length())); !sent)
            return sent;
    }
    return next_->write(end_);
}

// A file comes in one piece: handlers with a known length send it so.
Status RangeSink::send_file(int file, off_t offset, std::size_t) {
    for (const auto& part : parts_) {
        if (auto sent = next_->write(part.heading); !sent) return sent;
        const auto first = offset + static_cast<off_t>(part.range.first);
        if (auto sent = next_->send_file(file, first, part.range.length()); !sent) return sent;
    }
    return next_->write(end_);
}

Status RangeSink::finish() {
    if (!page_.empty()) {
        if (auto sent = next_->write(page_); !sent) return sent;
    }
    return next_->finish();
}

} // namespace preforkd
