// What a server behind this one answers in HTTP/1, on its way to the client.
#pragma once

#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>

#include "http/content_decoder.h"
#include "http/received_head.h"
#include "modules/proxy/destination.h"
#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd::proxy {

class ResponseRelay {
  public:
    ResponseRelay(Request& request, Responder& responder, const Worker& worker)
        : request_(request), responder_(responder), worker_(worker),
          head_text_(request.arena.resource()) {}

    // Bytes as they come. Fails where the client is gone.
    Status take(std::string_view received);
    // What there is goes out: the server takes its time.
    Status pass_on() { return sink_ ? sink_->flush() : Status(); }

    // Not a byte came: the request could be sent again.
    bool is_untouched() const { return state_ == State::in_head && head_text_.empty() && !head_; }
    // What the other server has answered last; 0 before there is an answer.
    int status() const { return head_ ? head_->status : 0; }
    bool has_head() const { return state_ == State::in_content || state_ == State::complete; }
    // Nothing more is to be read.
    bool is_over() const { return state_ == State::complete || state_ == State::broken; }
    // The server asks for the content that was held back; said once.
    bool takes_content() { return std::exchange(takes_content_, false); }
    // It agreed to speak another protocol: `upgrade` is what it says of it.
    bool switches_protocols() const { return switches_; }
    void expect_upgrade(std::string_view protocol) { asked_protocol_ = protocol; }
    // Its connection can serve another request.
    bool leaves_connection_usable() const { return state_ == State::complete && reusable_; }

    // The connection has ended, or failed with `code`, or nothing more is wanted of it.
    Verdict conclude(int code);
    http::BodySink* sink() { return sink_; }

  private:
    enum class State : unsigned char { in_head, in_content, complete, broken };

    Status take_head(std::string_view received);
    Status take_parsed_head(std::string_view rest);
    void take_overridden();
    Status take_interim();
    bool may_pass_interim_on();
    Status pass_interim_on();
    void refuse_switch();
    Status begin_switch(std::string_view following);
    Status take_content(std::string_view received);
    Status finish();
    void judge_connection();
    void fail(const http::HeadOutcome& outcome);
    void refuse_head(int status, std::string_view why);
    void log_bad_head(int minor);
    Verdict refuse_silence(int code);

    Request& request_;
    Responder& responder_;
    const Worker& worker_;
    State state_ = State::in_head;
    std::pmr::string head_text_; // the beginning of a head whose end has not come
    std::optional<http::ReceivedHead> head_;
    http::ContentDecoder decoder_ = http::ContentDecoder::none();
    http::BodySink* sink_ = nullptr; // none where the content is not wanted
    Verdict verdict_ = done;
    std::string_view asked_protocol_; // "" for none
    bool reusable_ = false;
    bool takes_content_ = false;
    bool switches_ = false;
    int interim_count_ = 0;
};

} // namespace preforkd::proxy
