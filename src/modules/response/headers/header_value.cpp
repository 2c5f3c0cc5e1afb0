#include "modules/response/headers/header_value.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fmt/format.h>

#include "pool/scoreboard.h"

namespace preforkd::headers {

namespace {

// The machine's load, which the C library knows only for all of it.
std::string_view load(Request& request) {
    std::array<double, 3> averages{};
    if (getloadavg(averages.data(), 3) != 3) return "l=";
    return request.arena.copy(
        fmt::format("l={:.2f}/{:.2f}/{:.2f}", averages[0], averages[1], averages[2]));
}

struct Children {
    int idle = 0, busy = 0;
};

Children count_children(const pool::Scoreboard& board) {
    Children children;
    for (const auto& slot : board.used_slots()) {
        if (slot.pid == 0) continue;
        switch (slot.state.load()) {
        case pool::ChildState::dead:
        case pool::ChildState::starting:
        case pool::ChildState::idle_kill: break;
        case pool::ChildState::ready:
            if (slot.generation == board.global().generation) ++children.idle;
            break;
        default: ++children.busy;
        }
    }
    return children;
}

// Of a hundred children, those that are idle (%i) or busy (%b); -1 where nothing is known.
std::string_view share(char kind, Request& request) {
    const auto* board = pool::Scoreboard::current();
    const Children children = board ? count_children(*board) : Children{};
    const int all = children.idle + children.busy;
    const int counted = kind == 'i' ? children.idle : children.busy;
    return request.arena.copy(fmt::format("{}={}", kind, all > 0 ? counted * 100 / all : -1));
}

// A certificate has lines, a field must not.
std::string_view in_one_line(std::string_view value, Arena& arena) {
    if (value.find_first_of("\r\n") == std::string_view::npos) return value;
    auto copy = arena.bytes(value.size());
    std::transform(value.begin(), value.end(), copy.begin(),
                   [](char c) { return c == '\r' || c == '\n' ? ' ' : c; });
    return {copy.data(), copy.size()};
}

std::string_view part_of(const ValuePart& part, Request& request) {
    switch (part.kind) {
    case 't': return request.arena.copy(fmt::format("t={}", request.received_at));
    case 'D': {
        const auto passed =
            std::chrono::duration_cast<Duration>(SteadyClock::now() - request.started);
        return request.arena.copy(fmt::format("D={}", passed.count()));
    }
    case 'l': return load(request);
    case 'b':
    case 'i': return share(part.kind, request);
    case 'e': {
        const auto* value = request.find_variable(part.text);
        return value ? in_one_line(*value, request.arena) : "(null)";
    }
    case 's': {
        const auto value = part.ssl_variable ? part.ssl_variable->of(request) : std::string_view();
        return value.empty() ? "(null)" : in_one_line(value, request.arena);
    }
    default: return part.text;
    }
}

// A tab or the end of a line may be written as in C; before anything else a backslash is one.
std::string unescaped(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char next = text[i] == '\\' && i + 1 < text.size() ? text[++i] : '\0';
        switch (next) {
        case '\0': result += text[i]; break;
        case '\\': result += '\\'; break;
        case 't': result += '\t'; break;
        case 'n': result += '\n'; break;
        case 'r': result += '\r'; break;
        default: (result += '\\') += next;
        }
    }
    return result;
}

} // namespace

Result<Value> parse_value(std::string_view text, bool has_ssl) {
    Value value;
    for (;;) {
        const auto percent = text.find('%');
        if (const auto plain = text.substr(0, percent); !plain.empty())
            value.push_back({0, unescaped(plain)});
        if (percent == std::string_view::npos) return value;
        text.remove_prefix(percent + 1);
        if (text.empty() || text.front() == '%') {
            value.push_back({0, "%"});
            text.remove_prefix(text.empty() ? 0 : 1);
            continue;
        }
        std::string name;
        if (text.front() == '{') {
            const auto end = std::min(text.find('}'), text.size());
            name = text.substr(1, end - 1);
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        const auto kind = text.substr(0, 1);
        if (kind.empty() || std::string_view("tDlibes").find(kind) == std::string_view::npos)
            return Error{fmt::format("Unrecognized header format %{}", kind)};
        value.push_back({kind.front(), std::move(name)});
        if (kind == "s" && has_ssl)
            value.back().ssl_variable = ssl::find_ssl_variable(value.back().text);
        text.remove_prefix(1);
    }
}

std::string_view text_of(const Value& value, Request& request) {
    std::string_view whole;
    for (const auto& part : value) {
        const auto next = part_of(part, request);
        whole = whole.empty() ? next : request.arena.join({whole, next});
    }
    return whole;
}

} // namespace preforkd::headers
