#include "pipeline/late_content.h"

#include <algorithm>
#include <cstring>

namespace preforkd {

Status LateContent::write(std::string_view bytes) {
    if (!sink_ && !bytes.empty()) request_.response.has_content = true;
    if (!sink_ && size_ + bytes.size() <= most_) {
        if (!bytes.empty()) std::memcpy(held_.data() + size_, bytes.data(), bytes.size());
        size_ += bytes.size();
        return {};
    }
    // Who made it was wrong about its length: nobody has been told yet.
    if (!sink_ && request_.response.length && size_ + bytes.size() > *request_.response.length)
        withdraw_length(request_.response);
    if (auto sent = send_held(); !sent) return sent;
    return sink_->write(bytes);
}

Status LateContent::send_file(int file, off_t offset, std::size_t length) {
    if (auto sent = send_held(); !sent) return sent;
    return sink_->send_file(file, offset, length);
}

Status LateContent::flush() {
    if (auto sent = send_held(); !sent) return sent;
    return sink_->flush();
}

Status LateContent::finish() {
    const bool is_known = !request_.header_only() || (size_ > 0 && !request_.response.length);
    if (!sink_ && is_known) request_.response.length = size_;
    if (auto sent = send_held(); !sent) return sent;
    return sink_->finish();
}

Status LateContent::send_held() {
    if (sink_) return {};
    request_.response.most_cut = std::min(request_.response.most_cut, one_piece);
    sink_ = &responder_.send(request_);
    return size_ > 0 ? sink_->write({held_.data(), size_}) : Status();
}

} // namespace preforkd
