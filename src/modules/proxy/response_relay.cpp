#include "modules/proxy/response_relay.h"

#include <cerrno>
#include <fmt/format.h>
#include <utility>

#include "base/text.h"
#include "modules/proxy/proxy_settings.h"
#include "modules/proxy/response_fields.h"

namespace preforkd::proxy {

using http::FieldId;
using http::HeadProblem;

namespace {

constexpr std::size_t longest_head = 256 * 1024;
constexpr int most_interim = 10;

std::string request_text_for_log(const Request& request) {
    return fmt::format("{} ({})", request.uri, request.head.method_name);
}

} // namespace

Status ResponseRelay::take(std::string_view received) {
    switch (state_) {
    case State::in_head: return take_head(received);
    case State::in_content: return take_content(received);
    default: reusable_ = false; return {}; // more than it had announced
    }
}

Status ResponseRelay::take_head(std::string_view received) {
    std::string_view text = received;
    if (!head_text_.empty()) text = head_text_.append(received);
    const auto size = http::end_of_received_head(text);
    if (size == text.npos && text.size() <= longest_head) {
        if (head_text_.empty()) head_text_ = received;
        return {};
    }
    // What is behind the head is looked at before the next bytes come.
    const auto kept = request_.arena.copy(text.substr(0, std::min(size, text.size())));
    const auto rest = text.substr(kept.size());
    head_.emplace(request_.arena);
    const auto bad_line = request_.of<ServerSettings>().bad_line.value_or(http::BadLine::refuse);
    auto outcome = http::parse_received_head(kept, bad_line, request_.arena, *head_);
    if (outcome.ignored_lines)
        request_.log("proxy_http", log::Level::warn,
                     "AH01100: Ignoring bogus HTTP header returned by " +
                         request_text_for_log(request_));
    if (outcome.problem != HeadProblem::none) {
        fail(outcome);
        return {};
    }
    if (size == text.npos) {
        refuse_head(502, "The head of the response from the remote server does not end");
        return {};
    }
    // What is no head is content from its first byte on.
    if (head_->simple) return take_parsed_head(request_.arena.join({outcome.line, rest}));
    return take_parsed_head(text.substr(outcome.size));
}

Status ResponseRelay::take_parsed_head(std::string_view rest) {
    // The text that was kept of the head goes, and with it what follows there.
    const auto following = head_text_.empty() ? rest : request_.arena.copy(rest);
    head_text_.clear();
    if (head_->status == 101) {
        const auto protocol = head_->fields.value_or_empty(FieldId::upgrade);
        if (!asked_protocol_.empty() && iequals(protocol, asked_protocol_))
            return begin_switch(following);
        refuse_switch();
        return {};
    }
    if (head_->status < 200 && head_->status >= 100) {
        auto taken = take_interim();
        if (!taken || state_ != State::in_head || following.empty()) return taken;
        return take_head(following);
    }
    judge_connection();
    if (overrides(request_, head_->status)) {
        take_overridden();
        return {};
    }
    shape_response(request_, *head_);
    request_.response.most_cut = one_piece;
    sink_ = &responder_.send(request_);
    state_ = State::in_content;
    return take_content(following);
}

// Its content is of no interest.
void ResponseRelay::take_overridden() {
    if (head_->status == 401 && !head_->fields.has(FieldId::www_authenticate))
        request_.log("proxy_http", log::Level::debug,
                     "AH01109: origin server sent 401 without WWW-Authenticate header");
    keep_of_overridden(request_, *head_);
    verdict_ = refuse(head_->status);
    // Where this was an error document itself, that of its own status comes next.
    request_.response.status = 200;
    request_.response.reason = head_->reason;
    state_ = State::complete;
    reusable_ = false;
}

// Whether it stays open, and where the content ends (RFC 9112 §6.3 and §9.3).
void ResponseRelay::judge_connection() {
    const auto& head = *head_;
    reusable_ = head.minor >= 1 ? !has_connection_option(head.fields, "close")
                                : has_connection_option(head.fields, "keep-alive");
    if (request_.header_only()) request_.response.has_content = false;
    if (request_.header_only() || !head.has_content()) decoder_ = http::ContentDecoder::none();
    else if (head.chunked) decoder_ = http::ContentDecoder::chunked();
    else if (head.content_length && !head.simple)
        decoder_ = http::ContentDecoder::of_length(*head.content_length);
    else decoder_ = http::ContentDecoder::until_close();
}

Status ResponseRelay::take_interim() {
    if (++interim_count_ > most_interim) {
        refuse_head(
            502, fmt::format("Too many ({}) interim responses from origin server", interim_count_));
        return {};
    }
    if (head_->status == 100) takes_content_ = true;
    return may_pass_interim_on() ? pass_interim_on() : Status();
}

// A client that waits for a 100 is told when its content is read, so one of the other server's goes
// on only where the rule is to pass on all.
bool ResponseRelay::may_pass_interim_on() {
    const auto* rule = request_.find_variable("proxy-interim-response");
    const bool by_the_rfc = rule && iequals(*rule, "RFC");
    if (rule && !by_the_rfc && !iequals(*rule, "Suppress"))
        request_.log("proxy_http", log::Level::warn,
                     "AH01108: undefined proxy interim response policy");
    if (head_->status == 100) return by_the_rfc && !request_.head.expects_continue;
    return !rule || by_the_rfc;
}

// RFC 9110 §15.2: to a client that can know what it means.
Status ResponseRelay::pass_interim_on() {
    if (request_.main || !request_.head.at_least(1, 1)) return {};
    std::string text = fmt::format("HTTP/1.1 {} {}\r\n", head_->status, head_->reason);
    for (const auto& field : head_->fields)
        text.append(field.name).append(": ").append(field.value).append("\r\n");
    text += "\r\n";
    return request_.connection.stream->write(text, patience_of(request_, worker_));
}

void ResponseRelay::refuse_switch() {
    const auto* protocol = head_->fields.find(FieldId::upgrade);
    refuse_head(502,
                fmt::format("Unexpected Upgrade: {} (expecting {})", protocol ? *protocol : "n/a",
                            asked_protocol_.empty() ? "n/a" : asked_protocol_));
}

Status ResponseRelay::begin_switch(std::string_view following) {
    switches_ = true;
    shape_response(request_, *head_);
    request_.response.fields.set(FieldId::upgrade, head_->fields.value_or_empty(FieldId::upgrade));
    request_.ends_connection = true;
    sink_ = &responder_.send(request_);
    state_ = State::in_content;
    decoder_ = http::ContentDecoder::until_close();
    // The other server may have begun to speak already.
    if (auto taken = take_content(following); !taken) return taken;
    return sink_->flush();
}

Status ResponseRelay::take_content(std::string_view received) {
    while (!received.empty() && !decoder_.at_end()) {
        const auto piece = decoder_.take(received);
        if (piece.empty()) continue;
        if (auto written = sink_->write(piece); !written) return written;
    }
    if (!decoder_.at_end()) return {};
    if (decoder_.is_malformed()) {
        state_ = State::broken;
        return {};
    }
    // What follows belongs to nobody.
    reusable_ = reusable_ && received.empty();
    return finish();
}

Status ResponseRelay::finish() {
    state_ = State::complete;
    return sink_->finish();
}

void ResponseRelay::refuse_head(int status, std::string_view why) {
    state_ = State::broken;
    verdict_ = refuse_with_reason(request_, status, why);
}

void ResponseRelay::log_bad_head(int minor) {
    request_.log("proxy_http", log::Level::warn,
                 fmt::format("AH01106: bad HTTP/1.{} header returned by {}", minor,
                             request_text_for_log(request_)));
}

void ResponseRelay::fail(const http::HeadOutcome& outcome) {
    state_ = State::broken;
    verdict_ = refuse(502);
    const auto complain = [&](std::string_view text) {
        request_.log("http", log::Level::error, text);
    };
    switch (outcome.problem) {
    case HeadProblem::status_line:
        refuse_head(502,
                    fmt::format("Corrupt status line returned by remote server: {}", outcome.line));
        return;
    case HeadProblem::too_long:
        request_.log("proxy_http", log::Level::warn,
                     fmt::format("AH10124: header size is over the limit allowed by "
                                 "ResponseFieldSize ({} bytes). Bad response header: "
                                 "'{:.64}[...]{}'",
                                 http::longest_response_line, outcome.line,
                                 outcome.line.substr(outcome.line.size() - 64)),
                     ENOSPC);
        break;
    case HeadProblem::name:
        complain(fmt::format("AH02429: Response header name '{}' contains invalid characters, "
                             "aborting request",
                             outcome.line));
        return;
    case HeadProblem::nameless:
        complain("AH02428: Empty response header name, aborting request");
        return;
    case HeadProblem::value:
        complain(fmt::format("AH02430: Response header '{}' value of '{}' contains invalid "
                             "characters, aborting request",
                             outcome.line, outcome.value));
        return;
    case HeadProblem::length:
        request_.log("proxy_http", log::Level::error, "AH01110: error reading response",
                     log::cause_unspecified);
        return;
    default: break;
    }
    log_bad_head(head_->minor);
}

Verdict ResponseRelay::refuse_silence(int code) {
    if (code == 0 && head_text_.find('\n') != head_text_.npos) {
        request_.log("proxy_http", log::Level::warn, "AH10404: Error reading headers from backend",
                     log::cause_end_of_file);
        log_bad_head(1);
        return refuse(502);
    }
    request_.other_server.has_timed_out = code == log::cause_timeout;
    if (code == 0) code = head_text_.empty() ? log::cause_unspecified : log::cause_end_of_file;
    const auto& url = worker_.url;
    request_.log(
        "proxy_http", log::Level::error,
        fmt::format("AH01102: error reading status line from remote server {}", url.authority()),
        code);
    return refuse_with_reason(request_, 502, "Error reading from remote server");
}

Verdict ResponseRelay::conclude(int code) {
    if (state_ == State::in_head) return refuse_silence(code);
    if (state_ == State::complete || !sink_) return verdict_;
    if (state_ == State::in_content && code == 0 && decoder_.ends_with_connection()) {
        static_cast<void>(finish());
        return done;
    }
    if (code == 0) code = state_ == State::broken ? log::cause_unspecified : log::cause_incomplete;
    request_.log("proxy_http", log::Level::error, "AH01110: error reading response", code);
    // Where nothing has reached the client, it can be told.
    if (state_ == State::broken && !responder_.has_sent_head()) {
        request_.response.reason = {};
        return refuse(502);
    }
    static_cast<void>(sink_->flush());
    request_.ends_connection = true;
    return done;
}

} // namespace preforkd::proxy
