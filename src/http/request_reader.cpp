#include "http/request_reader.h"

#include <array>
#include <cerrno>
#include <optional>

#include "base/log.h"
#include "http/content_source.h"
#include "http/field_parser.h"
#include "http/framing.h"
#include "http/head_scan.h"
#include "http/input_buffer.h"
#include "http/read_timer.h"
#include "http/request_line.h"

namespace preforkd::http {

namespace {

// More is not worth reading for the sake of a connection that can be made again.
constexpr std::uint64_t most_discarded = 16 * 1024 * 1024;

} // namespace

struct RequestReader::State {
    // Waits until the head is complete; else answers why there is none.
    std::optional<Received> receive_head(HeadScan& scan, const Limits& limits, Deadline idle,
                                         const ReadPatience& patience);
    std::optional<Received> explain(const Error& error, const ReadTimer& timer) const;
    std::optional<Received> explain_end(const HeadScan& scan) const;
    Received parse(const HeadScan& scan, const Limits& limits, RequestHead& head);

    InputBuffer input;
    FieldParser fields;
    std::variant<std::monostate, LengthSource, ChunkedSource> content;
    std::size_t head_size = 0;
    bool first = true; // nothing was read on this connection yet
};

std::optional<Received> RequestReader::State::receive_head(HeadScan& scan, const Limits& limits,
                                                           Deadline idle,
                                                           const ReadPatience& patience) {
    // A new connection's clock runs from its start, a kept one's from the first byte.
    ReadTimer timer(patience, SteadyClock::now());
    bool timing = first;
    for (;;) {
        const auto progress = scan.go_on(input.unread(), limits);
        if (progress == HeadScan::Progress::complete) return std::nullopt;
        if (progress == HeadScan::Progress::malformed) return scan.problem();

        const bool waiting = input.empty();
        if (!waiting && !timing) {
            timer = ReadTimer(patience, SteadyClock::now());
            timer.received(input.unread().size());
            timing = true;
        }
        const auto count = input.receive(waiting && !first ? idle : timer.deadline());
        if (!count) {
            if (auto reason = explain(count.error(), timer)) return reason;
        } else if (*count == 0) {
            return explain_end(scan);
        } else {
            timer.received(*count);
        }
    }
}

// Nothing where the wait goes on: a signal ends only waits in which the client sent nothing, and a
// new connection deserves its one answer.
std::optional<Received> RequestReader::State::explain(const Error& error,
                                                      const ReadTimer& timer) const {
    const bool quiet = input.empty();
    if (error.code == EINTR && (first || !quiet)) return std::nullopt;
    if (error.code != ETIMEDOUT || (quiet && !first)) return NoRequest{error.code};
    MalformedRequest late{408, "the request head did not arrive in time", {}};
    late.is_too_slow = timer.has_run_out();
    late.is_silent = quiet;
    return late;
}

std::optional<Received> RequestReader::State::explain_end(const HeadScan& scan) const {
    if (!scan.has_request_line()) return NoRequest{};
    return MalformedRequest{400, "the client left in the middle of a request head", {}};
}

Received RequestReader::State::parse(const HeadScan& scan, const Limits& limits,
                                     RequestHead& head) {
    const auto bytes = input.keep_head(scan.size());
    if (const auto problem = parse_request_line(scan.request_line(bytes), limits, head))
        return *problem;
    if (head.simple) return HeadComplete{};
    if (!fields.parse(scan.field_lines(bytes), head.fields))
        return MalformedRequest{400, "a request header field is malformed", {}};
    // Whoever combines them holds what a single one must not be.
    if (scan.size() > limits.field_size && head.fields.longest_combined() > limits.field_size)
        return MalformedRequest{431,
                                "request header fields of one name exceed LimitRequestFieldSize",
                                "Size of a request header field exceeds server limit."};
    if (const auto problem = determine_framing(head)) return *problem;
    return HeadComplete{};
}

RequestReader::RequestReader() : state_(std::make_unique<State>()) {}
RequestReader::~RequestReader() = default;

void RequestReader::begin(Stream& stream) {
    state_->input.begin(stream);
    state_->first = true;
}

Received RequestReader::read_head(RequestHead& head, const Limits& limits, Deadline idle,
                                  const ReadPatience& patience) {
    state_->content.emplace<std::monostate>();
    state_->input.start_head();
    state_->head_size = 0;
    HeadScan scan;
    if (const auto missing = state_->receive_head(scan, limits, idle, patience)) {
        state_->head_size = state_->input.unread().size();
        // For the log, as far as it goes.
        if (scan.has_request_line())
            parse_request_line(scan.request_line(state_->input.unread()), limits, head);
        else if (const auto* bad = std::get_if<MalformedRequest>(&*missing);
                 bad && bad->status == 414)
            head.request_line = scan.cut_line(state_->input.unread(), limits.request_line);
        return *missing;
    }
    state_->first = false;
    state_->head_size = scan.size();
    return state_->parse(scan, limits, head);
}

BodySource& RequestReader::content(RequestHead& head, const ContentTerms& terms, Arena& arena) {
    const bool expects = head.expects_continue;
    if (head.chunked) {
        head.trailers = new (arena.bytes_for<Fields>()) Fields(arena);
        return state_->content.emplace<ChunkedSource>(state_->input, terms, expects, head, arena);
    }
    return state_->content.emplace<LengthSource>(state_->input, terms.patience, expects,
                                                 head.content_length.value_or(0));
}

namespace {

Status discard(ContentSource& source) {
    std::array<char, 8 * 1024> dropped;
    for (std::uint64_t total = 0; !source.at_end();) {
        if (source.is_held_back()) return Error{"the client waits for 100 (Continue)", EAGAIN};
        const auto count = source.read(dropped);
        if (!count) return count.error();
        total += *count;
        if (total > most_discarded) return Error{"too much content that nobody wants", EMSGSIZE};
    }
    return {};
}

} // namespace

Status RequestReader::discard_content() {
    if (auto* source = std::get_if<LengthSource>(&state_->content)) return discard(*source);
    if (auto* source = std::get_if<ChunkedSource>(&state_->content)) return discard(*source);
    return {};
}

bool RequestReader::content_was_too_slow() const {
    if (const auto* source = std::get_if<LengthSource>(&state_->content)) return source->too_slow();
    const auto* chunked = std::get_if<ChunkedSource>(&state_->content);
    return chunked && chunked->too_slow();
}

bool RequestReader::has_buffered_input() const { return !state_->input.empty(); }

std::uint64_t RequestReader::bytes_received() const {
    std::uint64_t content = 0;
    if (const auto* source = std::get_if<LengthSource>(&state_->content))
        content = source->bytes_received();
    else if (const auto* chunked = std::get_if<ChunkedSource>(&state_->content))
        content = chunked->bytes_received();
    return state_->head_size + content;
}

int status_of_failed_read(int code) {
    switch (code) {
    case ENOSPC: return 413;
    case ETIMEDOUT: return 408;
    default: return 400;
    }
}

int cause_of_failed_read(int code) {
    switch (code) {
    case ENOSPC:
    case EBADMSG: return log::cause_filter;
    case ETIMEDOUT: return log::cause_timeout;
    default: return code;
    }
}

} // namespace preforkd::http
