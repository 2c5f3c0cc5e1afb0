#include "pipeline/wire_responder.h"

#include <fmt/format.h>

#include "http/sendable.h"
#include "pipeline/error_page.h"
#include "pipeline/output_filter.h"
#include "pipeline/response_head.h"

namespace preforkd {

namespace {

// Content of unknown length that is not longer gets a Content-Length; as much as Apache holds.
constexpr std::size_t most_held = 8000;

http::Framing framing_of(const Request& request) {
    if (request.response.length) return http::Framing::length;
    if (request.header_only() || request.response.status == 101) return http::Framing::none;
    return request.head.at_least(1, 1) ? http::Framing::chunked : http::Framing::until_close;
}

void log_unsendable(const Request& request, const http::Field& field) {
    if (field.name.empty()) {
        request.log("http", log::Level::error,
                    "AH02428: Empty response header name, aborting request");
        return;
    }
    const bool is_named = http::is_sendable(field.value);
    request.log("http", log::Level::error,
                is_named ? fmt::format("AH02429: Response header name '{}' contains invalid "
                                       "characters, aborting request",
                                       field.name)
                         : fmt::format("AH02430: Response header '{}' value of '{}' contains "
                                       "invalid characters, aborting request",
                                       field.name, field.value));
}

// Nothing that was meant for the client is left.
void clear_head(Request& request) {
    auto& response = request.response;
    response.fields.clear();
    response.error_fields.clear();
    response.reason = {};
    response.content_type = error_page_type;
    response.charset = {};
    request.content_encoding = {};
    request.languages.clear();
}

} // namespace

void WireResponder::begin() { sent_ = false; }

http::BodySink& WireResponder::send(Request& request) {
    sent_ = true;
    late_.begin(request);
    // The server's own pages are not filtered, as in Apache; nor is another protocol.
    const bool is_content = !request.response.is_error_page && request.response.status != 101;
    const auto chain = is_content ? begin_filters(request) : FilterChain();
    http::BodySink* sink = &late_;
    for (auto filter = filters_.rbegin(); filter != filters_.rend(); ++filter)
        sink = (*filter)(request, sink);
    if (!chain.first) return *sink;
    chain.last->pass_to(*sink);
    return *chain.first;
}

void WireResponder::LateSink::begin(Request& request) {
    request_ = &request;
    next_ = nullptr;
    drops_content_ = false;
    held_.clear();
}

void WireResponder::LateSink::send_head() {
    Request& request = *request_;
    const bool ranged = range_.begin(request);
    humour_old_client(request);
    const auto framing = framing_of(request);
    request.keep_alive = may_keep_alive(request, framing);
    const auto head = complete_head(request, framing);
    if (const auto* field = http::find_unsendable(head)) return send_refusal(*field);
    next_ = &writer_.send(head);
    if (!ranged) return;
    range_.wrap(*next_);
    next_ = &range_;
}

void WireResponder::LateSink::send_refusal(const http::Field& field) {
    Request& request = *request_;
    auto& response = request.response;
    log_unsendable(request, field);
    const int meant = response.status;
    clear_head(request);
    response.status = 500;
    const auto page = error_page(request, 500, meant == 200 ? 0 : meant);
    response.length = page.size();
    request.keep_alive = false;
    const auto framing = request.header_only() ? http::Framing::none : http::Framing::length;
    next_ = &writer_.send(complete_head(request, framing));
    drops_content_ = true;
    // A failed write is known to the connection; nobody else needs it.
    if (next_->write(page)) static_cast<void>(next_->finish());
}

Status WireResponder::LateSink::write(std::string_view bytes) {
    if (!next_) {
        if (!request_->response.length && held_.size() + bytes.size() <= most_held) {
            held_.append(bytes);
            return {};
        }
        send_head();
        if (auto sent = send_held(); !sent) return sent;
    }
    return drops_content_ ? Status() : next_->write(bytes);
}

Status WireResponder::LateSink::send_file(int file, off_t offset, std::size_t length) {
    if (!next_) {
        send_head();
        if (auto sent = send_held(); !sent) return sent;
    }
    return drops_content_ ? Status() : next_->send_file(file, offset, length);
}

Status WireResponder::LateSink::flush() {
    if (!next_) {
        send_head();
        if (auto sent = send_held(); !sent) return sent;
    }
    return drops_content_ ? Status() : next_->flush();
}

Status WireResponder::LateSink::finish() {
    if (!next_) {
        if ((!request_->header_only() || !held_.empty()) && !request_->response.length)
            request_->response.length = held_.size();
        send_head();
        if (auto sent = send_held(); !sent) return sent;
    }
    return drops_content_ ? Status() : next_->finish();
}

Status WireResponder::LateSink::send_held() {
    return held_.empty() || drops_content_ ? Status() : next_->write(held_);
}

} // namespace preforkd
