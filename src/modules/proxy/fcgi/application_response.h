// What an application writes to its output, on its way to the client; in CGI's form (RFC 3875 §6).
#pragma once

#include <memory_resource>
#include <string>
#include <string_view>

#include "pipeline/late_content.h"
#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd::fcgi {

class ApplicationResponse {
  public:
    ApplicationResponse(Request& request, Responder& responder)
        : request_(request), responder_(responder), late_(request, responder, 0),
          head_(request.arena.resource()) {}

    // A part of the output. Fails where the client is gone.
    Status take(std::string_view text);
    Status pass_on() { return sink_ ? sink_->flush() : Status(); }
    http::BodySink* sink() { return sink_; }
    bool has_head() const { return state_ != State::in_head; }
    bool is_broken() const { return state_ == State::broken; }
    // The application has ended its response; or it broke off.
    Verdict conclude(bool is_whole);

  private:
    enum class State : unsigned char { in_head, in_content, discarding, broken };

    Status take_head(std::size_t size);

    Request& request_;
    Responder& responder_;
    LateContent late_; // an application may have nothing to say
    State state_ = State::in_head;
    std::pmr::string head_;
    http::BodySink* sink_ = nullptr;
    Verdict verdict_ = done;
};

} // namespace preforkd::fcgi
