#include "modules/proxy/fcgi/application_response.h"

#include "modules/proxy/response_fields.h"
#include "pipeline/script_head.h"

namespace preforkd::fcgi {

namespace {

constexpr std::size_t longest_head = 64 * 1024;

} // namespace

Status ApplicationResponse::take(std::string_view text) {
    if (state_ == State::in_content) return sink_->write(text);
    if (state_ != State::in_head) return {};
    head_.append(text);
    const auto size = end_of_head(head_);
    if (size != std::string_view::npos) return take_head(size);
    if (head_.size() > longest_head) state_ = State::broken;
    return {};
}

Status ApplicationResponse::take_head(std::size_t size) {
    auto& response = request_.response;
    const auto head = request_.arena.copy(std::string_view(head_).substr(0, size));
    if (const auto taken = take_script_head(request_, "proxy_fcgi", head); !taken) {
        request_.log("proxy_fcgi", log::Level::error,
                     request_.arena.join({"malformed header from script '",
                                          name_of_script(request_), "': ", taken.error().what}));
        state_ = State::broken;
        return {};
    }
    state_ = State::discarding;
    // The application that is led to by another path, or for an error, knows what it says.
    if (!request_.previous && !request_.main && proxy::overrides(request_, response.status)) {
        verdict_ = refuse(response.status);
        return {};
    }
    withdraw_length(response); // PHP sends what a script counted wrong
    if (const int status = check_conditions_of_script(request_); status != 0) {
        verdict_ = status == 304 ? answer_not_modified(request_, responder_) : refuse(status);
        return {};
    }
    state_ = State::in_content;
    sink_ = &late_;
    const auto content = std::string_view(head_).substr(size);
    return content.empty() ? Status() : sink_->write(content);
}

Verdict ApplicationResponse::conclude(bool is_whole) {
    if (state_ != State::in_content) return verdict_;
    if (is_whole) {
        static_cast<void>(sink_->finish());
        return done;
    }
    static_cast<void>(sink_->flush());
    request_.ends_connection = true;
    return done;
}

} // namespace preforkd::fcgi
