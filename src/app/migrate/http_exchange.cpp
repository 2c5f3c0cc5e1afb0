#include "app/migrate/http_exchange.h"

#include <cstdlib>
#include <fmt/format.h>

#include "base/text.h"
#include "net/connect.h"
#include "net/tcp_stream.h"

namespace preforkd::migrate {

namespace {

constexpr std::size_t largest_answer = 256 * 1024 * 1024;

Result<std::string> read_to_end(Stream& stream, Deadline deadline) {
    std::string response;
    char part[64 * 1024];
    while (response.size() < largest_answer) {
        const auto count = stream.read(part, deadline);
        if (!count) return count.error();
        if (*count == 0) return response;
        response.append(part, *count);
    }
    return Error{"the answer is too long to be compared"};
}

// Content in chunks (RFC 9112 §7.1), without their sizes.
Result<std::string> without_chunks(std::string_view coded) {
    std::string content;
    for (;;) {
        const auto end = coded.find("\r\n");
        if (end == std::string_view::npos) return Error{"the answer ends too early"};
        const auto size = std::strtoul(std::string(coded.substr(0, end)).c_str(), nullptr, 16);
        if (size == 0) return content;
        coded.remove_prefix(end + 2);
        if (coded.size() < size + 2) return Error{"the answer ends too early"};
        content += coded.substr(0, size);
        coded.remove_prefix(size + 2);
    }
}

void add_field(Answer& answer, std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    std::string& value = answer.fields[lower(line.substr(0, colon))];
    value += fmt::format("{}{}", value.empty() ? "" : ", ", trim(line.substr(colon + 1)));
}

std::string request_text(const std::string& host, const LoggedRequest& request) {
    std::string text =
        fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", request.target, host);
    const std::string agent = request.user_agent.empty() ? "preforkctl" : request.user_agent;
    text += fmt::format("User-Agent: {}\r\n", agent);
    if (!request.referer.empty()) text += fmt::format("Referer: {}\r\n", request.referer);
    return text + "\r\n";
}

} // namespace

Result<Answer> parse_answer(std::string_view response) {
    constexpr std::size_t status_at = 9; // behind "HTTP/1.1 "
    const auto end = response.find("\r\n\r\n");
    if (!response.starts_with("HTTP/1.") || end == std::string_view::npos)
        return Error{"the answer is not HTTP/1"};
    Answer answer;
    const auto status = parse_decimal(response.substr(status_at, 3));
    answer.status = static_cast<int>(status.value_or(0));
    const auto lines = split(response.substr(0, end), '\n');
    for (std::size_t i = 1; i < lines.size(); ++i) add_field(answer, lines[i]);
    const auto content = response.substr(end + 4);
    const auto coding = answer.fields.find("transfer-encoding");
    if (coding == answer.fields.end() || !iends_with(coding->second, "chunked")) {
        answer.content = content;
        return answer;
    }
    auto whole = without_chunks(content);
    if (!whole) return whole.error();
    answer.content = std::move(*whole);
    return answer;
}

Result<Answer> get(const net::Address& server, const std::string& host,
                   const LoggedRequest& request, Duration patience) {
    auto socket = net::connect_to(server, patience);
    if (!socket) return socket.error();
    net::TcpStream stream(std::move(*socket), patience);
    if (auto sent = stream.write(request_text(host, request), patience); !sent) return sent.error();
    const auto response = read_to_end(stream, Deadline::after(patience));
    if (!response) return response.error();
    return parse_answer(*response);
}

} // namespace preforkd::migrate
