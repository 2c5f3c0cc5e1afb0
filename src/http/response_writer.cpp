#include "http/response_writer.h"

#include <cerrno>
#include <fmt/format.h>

namespace preforkd::http {

namespace {

// Content that fits in here behind the head leaves with it: copying costs less than a packet.
constexpr std::size_t most_buffered = 8 * 1024;

void append_status_line(std::string& text, const ResponseHead& head) {
    const fmt::format_int number(head.status);
    text.append(head.calls_itself_1_0 ? "HTTP/1.0 " : "HTTP/1.1 ")
        .append(number.data(), number.size())
        .append(" ");
    text.append(head.reason.empty() ? reason_phrase(head.status) : head.reason).append("\r\n");
}

void append_fields(std::string& text, const Fields& fields) {
    for (const auto& field : fields)
        text.append(field.name).append(": ").append(field.value).append("\r\n");
}

} // namespace

// Frames the content of one response after the other.
struct ResponseWriter::State final : BodySink {
    State() { buffer.reserve(most_buffered + 512); }

    Status write(std::string_view bytes) override;
    Status send_file(int file, off_t offset, std::size_t length) override;
    Status flush() override { return send_buffer({}, false); }
    Status finish() override;

    void start(const ResponseHead& head);
    // Whether so much content may follow; notes it if so.
    Status admit(std::size_t size);
    void begin_chunk(std::size_t size);
    Status send_buffer(std::string_view behind, bool more);
    Status note(Status sent, std::size_t size);

    Stream* stream = nullptr;
    Duration stall{};
    std::string buffer; // what was not sent yet
    Framing framing = Framing::none;
    std::uint64_t length = 0;
    bool omit_content = false;
    bool finished = false;
    bool failed = false;
    std::uint64_t sent = 0;
    std::uint64_t content = 0;
};

void ResponseWriter::State::start(const ResponseHead& head) {
    framing = head.framing;
    length = head.length;
    omit_content = head.omit_content;
    finished = false;
    sent = content = 0;
    if (head.omit_head) return;
    append_status_line(buffer, head);
    if (head.first_fields) append_fields(buffer, *head.first_fields);
    if (head.fields) append_fields(buffer, *head.fields);
    buffer.append("\r\n");
}

Status ResponseWriter::State::admit(std::size_t size) {
    if (failed) return Error{"the client is gone", EPIPE};
    if (framing == Framing::length && size > length - content) {
        failed = true;
        return Error{"more content than its Content-Length says", EMSGSIZE};
    }
    content += size;
    return {};
}

void ResponseWriter::State::begin_chunk(std::size_t size) {
    if (framing == Framing::chunked) fmt::format_to(std::back_inserter(buffer), "{:x}\r\n", size);
}

Status ResponseWriter::State::write(std::string_view bytes) {
    if (omit_content || bytes.empty()) return {};
    if (auto admitted = admit(bytes.size()); !admitted) return admitted;
    begin_chunk(bytes.size());
    if (buffer.size() + bytes.size() <= most_buffered) buffer.append(bytes);
    else if (auto done = send_buffer(bytes, framing == Framing::chunked); !done) return done;
    if (framing == Framing::chunked) buffer.append("\r\n");
    return {};
}

Status ResponseWriter::State::send_file(int file, off_t offset, std::size_t size) {
    if (omit_content || size == 0) return {};
    if (auto admitted = admit(size); !admitted) return admitted;
    begin_chunk(size);
    if (auto done = send_buffer({}, true); !done) return done;
    const off_t begin = offset;
    const auto done = stream->send_file(file, offset, size, stall);
    sent += static_cast<std::size_t>(offset - begin);
    failed = !done;
    if (!done) return done;
    if (framing == Framing::chunked) buffer.append("\r\n");
    return {};
}

Status ResponseWriter::State::finish() {
    if (framing == Framing::chunked && !omit_content) buffer.append("0\r\n\r\n");
    auto done = flush();
    finished = done.has_value();
    return done;
}

Status ResponseWriter::State::send_buffer(std::string_view behind, bool more) {
    if (failed) return Error{"the client is gone", EPIPE};
    if (buffer.empty() && behind.empty()) return {};
    auto done = note(stream->write(buffer, behind, stall, more), buffer.size() + behind.size());
    buffer.clear();
    return done;
}

Status ResponseWriter::State::note(Status done, std::size_t size) {
    if (done) sent += size;
    else failed = true;
    return done;
}

ResponseWriter::ResponseWriter() : state_(std::make_unique<State>()) {}
ResponseWriter::~ResponseWriter() = default;

void ResponseWriter::begin(Stream& stream) {
    state_->stream = &stream;
    state_->buffer.clear();
    state_->failed = false;
}

void ResponseWriter::begin_response(Duration stall) {
    state_->stall = stall;
    state_->finished = false;
    state_->sent = state_->content = 0;
}

BodySink& ResponseWriter::send(const ResponseHead& head) {
    state_->start(head);
    return *state_;
}

std::uint64_t ResponseWriter::bytes_sent() const { return state_->sent; }
std::uint64_t ResponseWriter::content_bytes_sent() const { return state_->content; }
bool ResponseWriter::broken() const { return state_->failed; }

bool ResponseWriter::complete() const {
    const bool whole = state_->framing != Framing::length || state_->omit_content ||
                       state_->content == state_->length;
    return state_->finished && !state_->failed && whole;
}

} // namespace preforkd::http
