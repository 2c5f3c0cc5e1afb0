// Reads request heads and their content from a connection (llhttp inside).
#pragma once

#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "http/request_head.h"
#include "os/stream.h"

namespace preforkd::http {

// The content of a request, pulled by whoever wants it. Decodes chunked framing.
class BodySource {
  public:
    virtual ~BodySource() = default;
    // Answers how many bytes came; 0 at the end of the content. EBADMSG: bad framing (400);
    // ETIMEDOUT (408); ENOSPC: more than LimitRequestBody (413); else the client is gone.
    virtual Result<std::size_t> read(std::span<char> into) = 0;
    virtual bool at_end() const = 0;
    // Something that was received has not been read: the next read need not wait for the client,
    // in all likelihood.
    virtual bool has_more_at_hand() const { return false; }
};

// The status that tells a client why its content could not be read, by the code of the failure.
int status_of_failed_read(int code);
// And the log, as Apache names it.
int cause_of_failed_read(int code);

// Two deadlines for one wait: absolute, or extended by what arrives (Apache: RequestReadTimeout
// "20-40,MinRate=500").
struct ReadPatience {
    Duration first{};       // how long at all, zero for no limit of its own
    Duration most{};        // with a rate: how long in the end
    std::uint64_t rate = 0; // bytes a second that extend `first`
    Duration otherwise{};   // Timeout: the longest single wait
};

// What holds for the content of one request.
struct ContentTerms {
    ReadPatience patience;
    std::size_t trailer_count = 100; // the most trailer fields, 0 for no limit
    bool merge_trailers = false;     // Apache: MergeTrailers
};

// No bytes came and none will: the client left or the deadline passed between two requests, or a
// signal asked for a quiet end.
struct NoRequest {
    int code = 0; // 0 for an orderly end, ETIMEDOUT, EINTR, ECONNRESET…
};

// The head was read.
struct HeadComplete {};

using Received = std::variant<HeadComplete, NoRequest, MalformedRequest>;

// Owns the input buffer of one connection after another. Heads and fields are views into it and
// stay good until the next read_head(); reading content does not disturb them.
class RequestReader {
  public:
    RequestReader();
    explicit RequestReader(Stream& stream) : RequestReader() { begin(stream); }
    ~RequestReader();

    // A new connection. To be said before anything else; `stream` outlives it.
    void begin(Stream& stream);

    // Waits as long as `patience` allows for the head. On a connection that had a request before,
    // the time begins with the first byte, for which `idle` is the limit. `head` is filled as far
    // as the request could be read, also when it is malformed (for the log); its views point into
    // this reader. Requires: the last content was read to its end.
    Received read_head(RequestHead& head, const Limits& limits, Deadline idle,
                       const ReadPatience& patience);

    // The content that follows `head`. Before the first wait for content that a client announced
    // with Expect: 100-continue, the interim response is sent. Trailer fields go to head.trailers,
    // their text to the arena. Good until the next read_head().
    BodySource& content(RequestHead& head, const ContentTerms& terms, Arena& arena);

    // Reads and forgets what is left of the content. Fails when it is malformed or too much to be
    // worth it; the connection must then be closed.
    Status discard_content();

    // The last content did not arrive within RequestReadTimeout.
    bool content_was_too_slow() const;
    // Bytes of a further request lie in the buffer already (pipelining).
    bool has_buffered_input() const;
    // Bytes of the last head and of what was read of its content (mod_logio's %I).
    std::uint64_t bytes_received() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace preforkd::http
