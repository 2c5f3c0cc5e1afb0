#include "pipeline/limited_source.h"

#include <cerrno>
#include <fmt/format.h>

#include "pipeline/content_settings.h"
#include "pipeline/proxied_name.h"
#include "pipeline/subrequest.h"

namespace preforkd {

namespace {

constexpr std::uint64_t usual_limit = 1'073'741'824;

class LimitedSource final : public http::BodySource {
  public:
    LimitedSource(http::BodySource& source, std::uint64_t limit) : source_(source), left_(limit) {}

    Result<std::size_t> read(std::span<char> into) override {
        auto count = source_.read(into);
        if (!count) return count;
        if (*count > left_) return Error{"the content is larger than LimitRequestBody", ENOSPC};
        left_ -= *count;
        return count;
    }
    bool at_end() const override { return source_.at_end(); }
    bool has_more_at_hand() const override { return source_.has_more_at_hand(); }

  private:
    http::BodySource& source_;
    std::uint64_t left_;
};

// What another server takes is its own business, and what a rule of mod_rewrite leads to has its
// own limit.
bool is_for_another(const Request& request) {
    return request.other_server.answers || is_proxied(request.handler_name) ||
           request.handler_name == redirect_handler;
}

// An error document for content that was too large must not fail of the same.
bool is_error_document(const Request& request) {
    return request.previous && request.response.status != 200;
}

} // namespace

std::uint64_t limit_of_content(const Request& request) {
    return request.of<ContentSettings>().limit_request_body.value_or(usual_limit);
}

Verdict limit_content(Request& request) {
    if (!request.content || is_for_another(request) || is_error_document(request)) return ok;
    const auto limit = limit_of_content(request);
    if (limit == 0) return ok;
    if (const auto length = request.head.content_length) {
        if (*length <= limit) return ok;
        request.log("http", log::Level::info,
                    fmt::format("AH01588: Requested content-length of {} is larger than the "
                                "configured limit of {}",
                                *length, limit));
        request.content = nullptr; // not for an ErrorDocument either
        return refuse(413);
    }
    request.content =
        new (request.arena.bytes_for<LimitedSource>()) LimitedSource(*request.content, limit);
    return ok;
}

} // namespace preforkd
