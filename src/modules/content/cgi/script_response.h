// What a script writes, on its way to the client (RFC 3875 §6).
#pragma once

#include <memory_resource>
#include <string>
#include <string_view>

#include "modules/content/cgi/script_log.h"
#include "pipeline/late_content.h"
#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd {

class ScriptResponse {
  public:
    // `has_status_line`: the script writes the whole head itself ("nph-…").
    ScriptResponse(Request& request, Responder& responder, const ScriptLog& log,
                   bool has_status_line)
        : request_(request), responder_(responder), late_(request, responder), log_(log),
          has_status_line_(has_status_line), head_(request.arena.resource()) {}

    // A part of the output. Fails where the client is gone, or the head makes no sense.
    Status take(std::string_view text);
    // What there is goes out: the script takes its time.
    Status pass_on() { return sink_ ? sink_->flush() : Status(); }
    // The client has got something, or will.
    bool has_begun() const { return state_ == State::in_content; }
    // The script has ended; `how` is what ended the reading of its output.
    Verdict conclude(const Status& how);
    // Answers `status`, since there is no head by now, and says `why`, to an ErrorDocument as well.
    Verdict give_up(int status, std::string_view why);

  private:
    enum class State : unsigned char { in_head, in_content, discarding, broken };

    Status take_head(std::size_t size);
    Status read_status_line(std::string_view& head);
    void choose();
    Verdict refuse_unfinished_head();

    Request& request_;
    Responder& responder_;
    LateContent late_;
    const ScriptLog& log_;
    bool has_status_line_;
    State state_ = State::in_head;
    std::pmr::string head_; // as far as it has come, and what came with its end
    http::BodySink* sink_ = nullptr;
    int answer_ = 0; // in the place of the content: a redirect, or nothing new
    bool leads_inside_ = false;
    std::string_view complaint_; // about the head
};

} // namespace preforkd
