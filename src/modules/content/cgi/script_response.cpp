#include "modules/content/cgi/script_response.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>

#include "base/text.h"
#include "pipeline/script_head.h"
#include "pipeline/subrequest.h"

namespace preforkd {

using http::FieldId;

namespace {

constexpr std::size_t longest_head = 64 * 1024;
constexpr std::size_t longest_log = longest_head + 8192; // of what is written down of bad output

} // namespace

Status ScriptResponse::take(std::string_view text) {
    switch (state_) {
    case State::in_content: return sink_->write(text);
    case State::discarding: return {};
    case State::broken:
        if (log_.is_kept())
            head_.append(text.substr(0, longest_log - std::min(longest_log, head_.size())));
        return {};
    case State::in_head: break;
    }
    head_.append(text);
    const auto size = end_of_head(head_);
    if (size != std::string_view::npos) return take_head(size);
    if (head_.size() <= longest_head) return {};
    state_ = State::broken;
    complaint_ = "its head does not end";
    return {};
}

// "HTTP/1.1 200 OK"
Status ScriptResponse::read_status_line(std::string_view& head) {
    if (!has_status_line_ || !head.starts_with("HTTP/")) return {};
    const auto line = take_line(head);
    const auto space = line.find(' ');
    const auto number = parse_decimal(line.substr(std::min(space + 1, line.size()), 3));
    if (space == line.npos || !number || *number < 200)
        return Error{"its first line is no status line"};
    request_.response.status = static_cast<int>(*number);
    request_.response.reason = trim(line.substr(std::min(space + 5, line.size())));
    return {};
}

Status ScriptResponse::take_head(std::size_t size) {
    std::string_view head = request_.arena.copy(std::string_view(head_).substr(0, size));
    auto taken = read_status_line(head);
    if (taken) taken = take_script_head(request_, "cgi", head);
    if (!taken) {
        state_ = State::broken;
        complaint_ = request_.arena.copy(taken.error().what);
        return {};
    }
    choose();
    if (state_ != State::in_content) return {};
    request_.response.most_cut = 0; // a script that knows of Range has done it itself
    sink_ = &late_;
    const auto content = std::string_view(head_).substr(size);
    return content.empty() ? Status() : sink_->write(content);
}

// Whether the content counts, or something in its place.
void ScriptResponse::choose() {
    const auto& response = request_.response;
    const auto* location = response.fields.find(FieldId::location);
    state_ = State::discarding;
    if (response.status == 200 && location && location->starts_with('/')) leads_inside_ = true;
    else if (response.status == 200 && location) answer_ = 302;
    else answer_ = check_conditions_of_script(request_);
    if (!leads_inside_ && answer_ == 0) state_ = State::in_content;
}

Verdict ScriptResponse::give_up(int status, std::string_view why) {
    request_.log("cgi", log::Level::error, why);
    request_.error_notes = request_.arena.copy(why); // an ErrorDocument may tell it
    log_.write_output(status, head_);
    return refuse(status);
}

// What there is of a head, when nothing more comes.
Verdict ScriptResponse::refuse_unfinished_head() {
    const auto script = name_of_script(request_);
    // What does not end is no line.
    const auto lines = std::string_view(head_).substr(0, head_.rfind('\n') + 1);
    for (auto rest = lines; !rest.empty();) {
        const auto line = take_line(rest);
        if (line.find(':') == line.npos)
            return give_up(500, fmt::format("malformed header from script '{}': Bad header: {:.30}",
                                            script, line));
    }
    return give_up(500, fmt::format("{}: {}",
                                    lines.empty() ? "End of script output before headers"
                                                  : "Premature end of script headers",
                                    script));
}

Verdict ScriptResponse::conclude(const Status& how) {
    if (state_ == State::in_content) {
        // A failed write is known to the connection; after a failed read it is not to go on.
        if (how) static_cast<void>(sink_->finish());
        else request_.ends_connection = true;
        return done;
    }
    if (state_ == State::in_head) return refuse_unfinished_head();
    if (state_ == State::broken)
        return give_up(500, fmt::format("malformed header from script '{}': {}",
                                        name_of_script(request_), complaint_));
    if (!leads_inside_ && answer_ == 304) return answer_not_modified(request_, responder_);
    if (!leads_inside_) return refuse(answer_);
    make_get(request_);
    request_.head.fields.remove(FieldId::content_length);
    request_.content = nullptr;
    return internal_redirect(request_, request_.response.fields.value_or_empty(FieldId::location),
                             responder_);
}

} // namespace preforkd
