// FastCGI's records: what a web server says to an application, and what that answers (FastCGI
// Specification 1.0, §3 to §5).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace preforkd::fcgi {

constexpr std::uint16_t request_id = 1; // one at a time
constexpr std::size_t longest_content = 65535;

// FCGI_BEGIN_REQUEST in the role of a responder.
void append_begin(std::string& text, bool keeps_connection);

// The parameters as a stream of records, with its end.
class Parameters {
  public:
    void add(std::string_view name, std::string_view value);
    void append_to(std::string& text) const;

  private:
    std::string pairs_;
};

// The head of a FCGI_STDIN record; none of content ends the stream.
std::string stdin_head(std::size_t size);

// Takes records apart as their bytes come.
class RecordReader {
  public:
    enum class Kind : unsigned char { nothing, output, errors, unknown, end };
    enum class Problem : unsigned char { none, version, id };

    // A piece of what the next record holds, off the front of `received`. `nothing`: more is
    // needed, or there is a problem.
    struct Piece {
        Kind kind = Kind::nothing;
        std::string_view content;
    };
    Piece take(std::string_view& received);

    Problem problem() const { return problem_; }
    // What the head said that is the problem, or that nobody knows: a version, an id, a type.
    int culprit() const { return culprit_; }

  private:
    bool take_head(std::string_view& received);
    void read_head();

    std::string head_; // as far as it has come
    std::size_t content_left_ = 0, padding_left_ = 0;
    bool in_record_ = false;
    bool is_unknown_ = false; // a record of a type that there is not begins
    int type_ = 0;
    Problem problem_ = Problem::none;
    int culprit_ = 0;
};

} // namespace preforkd::fcgi
