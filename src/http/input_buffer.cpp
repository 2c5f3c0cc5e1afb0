#include "http/input_buffer.h"

#include <cstring>

namespace preforkd::http {

namespace {

// Most heads are smaller than half of it.
constexpr std::size_t usual_capacity = 8 * 1024;
// Behind a head, so that content comes in pieces that are worth a system call.
constexpr std::size_t room_for_content = 4 * 1024;

} // namespace

// The bytes are written before they are read: nothing is gained by clearing them.
InputBuffer::InputBuffer() : capacity_(usual_capacity), bytes_(new char[usual_capacity]) {}

// An unusual head must not make a child large for ever.
void InputBuffer::begin(Stream& stream) {
    stream_ = &stream;
    begin_ = end_ = kept_ = 0;
    if (capacity_ == usual_capacity) return;
    bytes_.reset(new char[usual_capacity]);
    capacity_ = usual_capacity;
}

void InputBuffer::start_head() {
    if (begin_ != 0 && begin_ != end_)
        std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    kept_ = 0;
}

std::string_view InputBuffer::keep_head(std::size_t count) {
    if (capacity_ < count + room_for_content) grow(count + room_for_content);
    kept_ = begin_ + count;
    const std::string_view head(bytes_.get() + begin_, count);
    begin_ = kept_;
    return head;
}

Result<std::size_t> InputBuffer::receive(Deadline deadline) {
    if (begin_ == end_) begin_ = end_ = kept_;
    if (end_ == capacity_) grow(2 * capacity_);
    auto count = stream_->read({bytes_.get() + end_, capacity_ - end_}, deadline);
    if (count) end_ += *count;
    return count;
}

void InputBuffer::grow(std::size_t capacity) {
    std::unique_ptr<char[]> larger(new char[capacity]);
    std::memcpy(larger.get(), bytes_.get(), end_);
    bytes_ = std::move(larger);
    capacity_ = capacity;
}

} // namespace preforkd::http
