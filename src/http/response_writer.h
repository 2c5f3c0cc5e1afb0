// Writes a response: the head, then content through the sink that sending the head gives.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/fields.h"
#include "os/stream.h"

namespace preforkd::http {

// Where content goes. A filter is a sink around a sink.
class BodySink {
  public:
    virtual ~BodySink() = default;
    virtual Status write(std::string_view bytes) = 0;
    // `file` stays the caller's and must stay open until the call returns.
    virtual Status send_file(int file, off_t offset, std::size_t length) = 0;
    // What was written so far goes to the client now.
    virtual Status flush() = 0;
    // The content is complete. Called once, last.
    virtual Status finish() = 0;
};

// How the end of the content is told (RFC 9112 §6.3).
enum class Framing : unsigned char { length, chunked, until_close, none };

// The fields say how the content is framed, so that whoever logs them sees what was sent.
struct ResponseHead {
    int status = 200;
    std::string_view reason;        // empty: the standard phrase
    const Fields* fields = nullptr; // in the order they are sent
    // A second list that is sent before `fields` (Date, Server).
    const Fields* first_fields = nullptr;
    Framing framing = Framing::length;
    std::uint64_t length = 0;      // with Framing::length
    bool omit_head = false;        // HTTP/0.9
    bool calls_itself_1_0 = false; // in the status line, for a client that cannot read 1.1
    bool omit_content = false;     // HEAD, 204, 304: sinks count and drop
};

// The output of one connection after another. Head and small content leave in one system call.
class ResponseWriter {
  public:
    ResponseWriter();
    ResponseWriter(Stream& stream, Duration stall) : ResponseWriter() {
        begin(stream);
        begin_response(stall);
    }
    ~ResponseWriter();

    // A new connection. To be said before anything else; `stream` outlives it.
    void begin(Stream& stream);

    // A new request, of which nothing was answered yet.
    void begin_response(Duration stall);
    // Formats the head and keeps it until content, flush or finish sends it with what follows.
    // The status line says HTTP/1.1 whatever the request's version (RFC 9110 §2.5). The sink
    // belongs to the writer and is good until the next send().
    BodySink& send(const ResponseHead& head);
    // Of the current response: head and content (mod_logio's %O), content alone (%b).
    std::uint64_t bytes_sent() const;
    std::uint64_t content_bytes_sent() const;
    // An earlier write failed: the client is gone, and nothing more will be sent.
    bool broken() const;
    // finish() was called and everything was handed to the system.
    bool complete() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// The standard phrase of a status, as Apache spells it ("Request Entity Too Large"), or "".
std::string_view reason_phrase(int status);
// Whether a configuration may name it: only what Apache 2.4 has a phrase for, which is less.
bool can_be_configured(int status);

} // namespace preforkd::http
