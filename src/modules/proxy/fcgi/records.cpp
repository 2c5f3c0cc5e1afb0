#include "modules/proxy/fcgi/records.h"

#include <algorithm>
#include <utility>

namespace preforkd::fcgi {

namespace {

constexpr std::size_t head_size = 8;
constexpr char version = 1;

enum Type : unsigned char {
    begin_request = 1,
    end_request = 3,
    params = 4,
    stdin_stream = 5,
    stdout_stream = 6,
    stderr_stream = 7,
};

void append_two_bytes(std::string& text, std::size_t number) {
    text += static_cast<char>(number >> 8);
    text += static_cast<char>(number & 255);
}

void append_head(std::string& text, Type type, std::size_t size) {
    text += version;
    text += static_cast<char>(type);
    append_two_bytes(text, request_id);
    append_two_bytes(text, size);
    text.append(2, '\0'); // no padding, and a reserved byte
}

// A length below 128 is a byte, others are four with the highest bit set (§3.4).
void append_length(std::string& text, std::size_t length) {
    if (length < 128) {
        text += static_cast<char>(length);
        return;
    }
    text += static_cast<char>((length >> 24) | 128);
    text += static_cast<char>(length >> 16);
    append_two_bytes(text, length & 65535);
}

} // namespace

void append_begin(std::string& text, bool keeps_connection) {
    constexpr char responder = 1, keep = 1;
    append_head(text, begin_request, head_size);
    text += '\0';
    text += responder;
    text += keeps_connection ? keep : '\0';
    text.append(5, '\0');
}

void Parameters::add(std::string_view name, std::string_view value) {
    append_length(pairs_, name.size());
    append_length(pairs_, value.size());
    pairs_.append(name).append(value);
}

void Parameters::append_to(std::string& text) const {
    for (std::string_view rest = pairs_; !rest.empty();) {
        const auto part = rest.substr(0, longest_content);
        append_head(text, params, part.size());
        text.append(part);
        rest.remove_prefix(part.size());
    }
    append_head(text, params, 0);
}

std::string stdin_head(std::size_t size) {
    std::string text;
    append_head(text, stdin_stream, size);
    return text;
}

RecordReader::Piece RecordReader::take(std::string_view& received) {
    while (!received.empty() && problem_ == Problem::none) {
        if (!in_record_ && !take_head(received)) return {};
        if (std::exchange(is_unknown_, false)) return {Kind::unknown, {}};
        if (content_left_ > 0) {
            const auto piece = received.substr(0, content_left_);
            received.remove_prefix(piece.size());
            content_left_ -= piece.size();
            if (type_ == stdout_stream && !piece.empty()) return {Kind::output, piece};
            if (type_ == stderr_stream && !piece.empty()) return {Kind::errors, piece};
        }
        const auto padding = std::min(padding_left_, received.size());
        received.remove_prefix(padding);
        padding_left_ -= padding;
        if (content_left_ > 0 || padding_left_ > 0) continue;
        in_record_ = false;
        if (type_ == end_request) return {Kind::end, {}};
    }
    return {};
}

bool RecordReader::take_head(std::string_view& received) {
    const auto part = received.substr(0, head_size - head_.size());
    head_.append(part);
    received.remove_prefix(part.size());
    if (head_.size() < head_size) return false;
    read_head();
    head_.clear();
    return problem_ == Problem::none;
}

void RecordReader::read_head() {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(head_[at]); };
    type_ = byte(1);
    const int id = byte(2) * 256 + byte(3);
    content_left_ = byte(4) * 256u + byte(5);
    padding_left_ = byte(6);
    in_record_ = true;
    if (head_[0] != version) {
        problem_ = Problem::version;
        culprit_ = byte(0);
    } else if (id != request_id) {
        problem_ = Problem::id;
        culprit_ = id;
    } else if (type_ != end_request && type_ != stdout_stream && type_ != stderr_stream) {
        is_unknown_ = true;
        culprit_ = type_;
    }
}

} // namespace preforkd::fcgi
