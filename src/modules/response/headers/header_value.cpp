#include "modules/response/headers/header_value.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace preforkd::headers {

namespace {

// The machine's load, which the C library knows only for all of it.
std::string_view load(Request& request) {
    double average = 0;
    if (getloadavg(&average, 1) != 1) return "l=";
    return request.arena.copy(fmt::format("l={:.2f}", average));
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
    case 'e': {
        const auto* value = request.find_variable(part.text);
        return value ? in_one_line(*value, request.arena) : "(null)";
    }
    case 's': {
        const auto value = part.ssl_variable->of(request);
        return value.empty() ? "(null)" : in_one_line(value, request.arena);
    }
    default: return part.text;
    }
}

} // namespace

Result<Value> parse_value(std::string_view text) {
    Value value;
    for (;;) {
        const auto percent = text.find('%');
        if (const auto plain = text.substr(0, percent); !plain.empty())
            value.push_back({0, std::string(plain)});
        if (percent == std::string_view::npos) return value;
        text.remove_prefix(percent + 1);
        std::string name;
        if (text.starts_with('{')) {
            const auto end = text.find('}');
            if (end == std::string_view::npos) return Error{"Unrecognized header format %"};
            name = text.substr(1, end - 1);
            text.remove_prefix(end + 1);
        }
        const char kind = text.empty() ? '%' : text.front();
        if (kind == '%') name = "%";
        else if (std::string_view("tDlibes").find(kind) == std::string_view::npos)
            return Error{fmt::format("Unrecognized header format %{}", kind)};
        value.push_back({kind == '%' ? '\0' : kind, std::move(name)});
        if (kind == 's') value.back().ssl_variable = ssl::find_ssl_variable(value.back().text);
        if (!text.empty()) text.remove_prefix(1);
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
