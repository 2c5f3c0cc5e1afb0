#include "pipeline/wire_responder.h"

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
    held_.clear();
}

void WireResponder::LateSink::send_head() {
    Request& request = *request_;
    const bool ranged = range_.begin(request);
    humour_old_client(request);
    const auto framing = framing_of(request);
    request.keep_alive = may_keep_alive(request, framing);
    next_ = &writer_.send(complete_head(request, framing));
    if (!ranged) return;
    range_.wrap(*next_);
    next_ = &range_;
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
    return next_->write(bytes);
}

Status WireResponder::LateSink::send_file(int file, off_t offset, std::size_t length) {
    if (!next_) {
        send_head();
        if (auto sent = send_held(); !sent) return sent;
    }
    return next_->send_file(file, offset, length);
}

Status WireResponder::LateSink::flush() {
    if (!next_) {
        send_head();
        if (auto sent = send_held(); !sent) return sent;
    }
    return next_->flush();
}

Status WireResponder::LateSink::finish() {
    if (!next_) {
        if ((!request_->header_only() || !held_.empty()) && !request_->response.length)
            request_->response.length = held_.size();
        send_head();
        if (auto sent = send_held(); !sent) return sent;
    }
    return next_->finish();
}

Status WireResponder::LateSink::send_held() {
    return held_.empty() ? Status() : next_->write(held_);
}

} // namespace preforkd
