// One line of an access log while it is put together: fixed memory, one write in the end.
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace preforkd::logging {

// Long enough for a request line and two fields at their limits with every character escaped
// three bytes wide. What does not fit is cut off; the newline always fits. Only the part that a
// line fills is ever touched.
class LineBuffer {
  public:
    void append(char c) {
        if (size_ < room) bytes_[size_++] = c;
    }
    void append(std::string_view text) {
        const std::size_t size = text.size() < room - size_ ? text.size() : room - size_;
        if (size > 0) std::memcpy(bytes_.data() + size_, text.data(), size);
        size_ += size;
    }
    template <class Integer>
    void append_number(Integer number, int base = 10) {
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof digits, number, base).ptr;
        append({digits, static_cast<std::size_t>(end - digits)});
    }
    // With zeros in front up to `width` (at most 8).
    void append_padded(unsigned number, int width) {
        for (unsigned power = power_of_ten(width - 1); power > 0; power /= 10)
            append(static_cast<char>('0' + number / power % 10));
    }
    // What clients say, so that it can neither end the line nor leave its quotes.
    void append_escaped(std::string_view text);
    void end_line() { bytes_[size_++] = '\n'; }

    std::string_view text() const { return {bytes_.data(), size_}; }
    void clear() { size_ = 0; }

  private:
    static constexpr unsigned power_of_ten(int exponent) {
        unsigned power = 1;
        while (exponent-- > 0) power *= 10;
        return power;
    }

    static constexpr std::size_t room = 64 * 1024 - 1;
    std::size_t size_ = 0;
    std::array<char, room + 1> bytes_;
};

} // namespace preforkd::logging
