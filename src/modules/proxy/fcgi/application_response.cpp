#include "modules/proxy/fcgi/application_response.h"

#include "http/conditional.h"
#include "http/date.h"
#include "modules/proxy/response_fields.h"
#include "pipeline/script_head.h"

namespace preforkd::fcgi {

namespace {

constexpr std::size_t longest_head = 64 * 1024;

// What the client's conditions make of the validators that the application tells.
int check_conditions(const Request& request) {
    const auto& fields = request.response.fields;
    http::Validators validators;
    validators.etag = fields.value_or_empty(http::FieldId::etag);
    if (const auto* told = fields.find(http::FieldId::last_modified))
        validators.last_modified = http::parse_date(*told).value_or(0);
    return http::evaluate_preconditions(request.head, validators,
                                        static_cast<std::time_t>(request.received_at / 1'000'000));
}

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
    response.content_type = {};
    const auto head = request_.arena.copy(std::string_view(head_).substr(0, size));
    if (const auto taken = take_script_head(request_, "proxy_fcgi", head); !taken) {
        const auto script = request_.filename.substr(request_.filename.rfind('/') + 1);
        request_.log("proxy_fcgi", log::Level::error,
                     request_.arena.join(
                         {"malformed header from script '", script, "': ", taken.error().what}));
        state_ = State::broken;
        return {};
    }
    state_ = State::discarding;
    if (proxy::overrides(request_, response.status)) {
        verdict_ = refuse(response.status);
        return {};
    }
    if (response.status == 200 && request_.head.method == http::Method::get)
        if (const int status = check_conditions(request_); status != 0) {
            verdict_ = refuse(status);
            return {};
        }
    state_ = State::in_content;
    sink_ = &responder_.send(request_);
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
