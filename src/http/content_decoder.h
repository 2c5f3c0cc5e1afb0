// The content of a message, out of the bytes as they come (RFC 9112 §6 and §7.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace preforkd::http {

class ContentDecoder {
  public:
    static ContentDecoder none() { return ContentDecoder(Next::nothing, 0); }
    static ContentDecoder of_length(std::uint64_t length) {
        return ContentDecoder(length == 0 ? Next::nothing : Next::counted, length);
    }
    static ContentDecoder chunked() { return ContentDecoder(Next::size, 0); }
    static ContentDecoder until_close() { return ContentDecoder(Next::everything, 0); }

    // Takes a piece of content, and the framing before it, off the front of `received`. An empty
    // piece: nothing more is in there, or this is the end.
    std::string_view take(std::string_view& received);

    bool at_end() const { return next_ == Next::nothing; }
    bool is_malformed() const { return malformed_; }
    // No length and no chunk says where the content ends.
    bool ends_with_connection() const { return next_ == Next::everything; }

  private:
    enum class Next : unsigned char {
        nothing,
        counted,
        everything,
        size,
        data,
        after_data,
        trailers
    };
    ContentDecoder(Next next, std::uint64_t left) : next_(next), left_(left) {}

    std::string_view take_counted(std::string_view& received, Next after);
    // The next line, or nothing while its end has not come.
    std::optional<std::string_view> take_line_of(std::string_view& received);
    void take_framing(std::string_view line);
    void fail() {
        malformed_ = true;
        next_ = Next::nothing;
    }

    Next next_;
    std::uint64_t left_;
    std::string line_;      // the beginning of one whose end has not come
    bool is_taken_ = false; // line_ was answered
    bool malformed_ = false;
};

} // namespace preforkd::http
