#include "http/received_head.h"

#include <charconv>

#include "base/text.h"
#include "http/request_line.h"
#include "http/sendable.h"

namespace preforkd::http {

namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t digits_at = 9;  // behind "HTTP/1.1 "
constexpr std::size_t reason_at = 12; // behind the status

// "HTTP/#.# ###", whatever follows.
bool is_status_line(std::string_view line) {
    return line.size() >= reason_at && line.starts_with("HTTP/") && is_digit(line[5]) &&
           line[6] == '.' && is_digit(line[7]) && line[8] == ' ' && is_digit(line[9]) &&
           is_digit(line[10]) && is_digit(line[11]);
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

void read_status_line(std::string_view line, ReceivedHead& head) {
    head.minor = line[7] - '0';
    head.status = static_cast<int>(parse_decimal(line.substr(digits_at, 3)).value_or(0));
    head.reason = trim(line.substr(reason_at));
    // It goes into the status line that the client gets.
    if (!is_sendable(head.reason)) head.reason = {};
}

// The next line with those that go on with it.
std::string_view take_folded_line(std::string_view& rest, Arena& arena) {
    const auto line = take_line(rest);
    if (line.empty() || rest.empty() || !is_blank(rest.front())) return line;
    std::string joined(line);
    while (!rest.empty() && is_blank(rest.front())) {
        const auto more = take_line(rest);
        if (joined.size() < longest_response_line) joined += more; // or it is too long anyway
    }
    return arena.copy(joined);
}

HeadProblem add_field(std::string_view line, std::size_t colon, ReceivedHead& head,
                      HeadOutcome& outcome) {
    outcome.line = line.substr(0, colon);
    outcome.value = trim(line.substr(colon + 1));
    if (outcome.line.empty()) return HeadProblem::nameless;
    if (!is_token(outcome.line)) return HeadProblem::name;
    if (!is_sendable(outcome.value)) return HeadProblem::value;
    head.fields.add(outcome.line, outcome.value);
    return HeadProblem::none;
}

// The first of several lengths counts, as in Apache; the connection is given up after the content
// then (determine_end).
HeadProblem determine_end(ReceivedHead& head) {
    if (const auto* coding = head.fields.find(FieldId::transfer_encoding)) {
        const auto last = coding->rfind(',');
        head.chunked = iequals(trim(last == npos ? *coding : coding->substr(last + 1)), "chunked");
        return HeadProblem::none;
    }
    const auto* told = head.fields.find(FieldId::content_length);
    if (!told) return HeadProblem::none;
    std::uint64_t length = 0;
    const auto* last = told->data() + told->size();
    const auto [end, problem] = std::from_chars(told->data(), last, length);
    if (problem != std::errc() || end != last || length >> 63) return HeadProblem::length;
    head.content_length = length;
    return HeadProblem::none;
}

} // namespace

std::size_t end_of_received_head(std::string_view received) {
    const auto first = received.find('\n');
    if (first == npos) return npos;
    std::size_t at = first + 1;
    // A stray line end before the head.
    if (first == 0 || (first == 1 && received[0] == '\r')) {
        const auto second = received.find('\n', at);
        if (second == npos) return npos;
        if (!is_status_line(received.substr(at, second - at))) return second + 1;
        at = second + 1;
    } else if (!is_status_line(received.substr(0, first))) {
        return at;
    }
    for (;;) {
        const auto end = received.find('\n', at);
        if (end == npos) return npos;
        if (end == at || (end == at + 1 && received[at] == '\r')) return end + 1;
        at = end + 1;
    }
}

HeadOutcome parse_received_head(std::string_view received, BadLine bad_line, Arena& arena,
                                ReceivedHead& head) {
    HeadOutcome outcome;
    auto rest = received;
    auto line = take_line(rest);
    if (line.empty()) line = take_line(rest);
    if (!is_status_line(line)) {
        head.simple = true;
        head.reason = "OK";
        outcome.line = line;
        outcome.size = received.size() - rest.size();
        return outcome;
    }
    outcome.line = line;
    if (line.size() >= longest_response_line - 1 || line[5] != '1') {
        outcome.problem = HeadProblem::status_line;
        return outcome;
    }
    read_status_line(line, head);
    if (head.status < 100) outcome.problem = HeadProblem::status_line;
    while (!rest.empty() && outcome.problem == HeadProblem::none) {
        line = take_folded_line(rest, arena);
        if (line.empty()) break;
        const auto colon = line.find(':');
        outcome.line = line;
        if (line.size() >= longest_response_line) outcome.problem = HeadProblem::too_long;
        else if (colon != npos) outcome.problem = add_field(line, colon, head, outcome);
        else if (is_status_line(line) || bad_line == BadLine::ignore) outcome.ignored_lines = true;
        else if (bad_line == BadLine::refuse) outcome.problem = HeadProblem::line;
        else break;
    }
    outcome.size = received.size() - rest.size();
    if (outcome.problem == HeadProblem::none && !head.simple) outcome.problem = determine_end(head);
    return outcome;
}

} // namespace preforkd::http
