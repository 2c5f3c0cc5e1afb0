#include "config/line_reader.h"

#include <fmt/format.h>

#include "base/text.h"

namespace preforkd::config {

namespace {

constexpr std::size_t longest_line = 16 * 1024 * 1024;

} // namespace

std::string_view LineReader::take_physical_line() {
    const std::string_view rest = std::string_view(text_).substr(next_);
    const auto end = rest.find('\n');
    next_ = end == std::string_view::npos ? text_.size() : next_ + end + 1;
    ++number_;
    auto line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

Result<bool> LineReader::next() {
    if (next_ == text_.size()) return false;
    line_.clear();
    bool goes_on = true;
    while (goes_on && next_ < text_.size()) {
        auto part = take_physical_line();
        goes_on = part.ends_with('\\') && text_[next_ - 1] == '\n';
        if (goes_on) part.remove_suffix(1);
        line_ += part.substr(0, part.find('\0'));
        if (line_.size() > longest_line)
            return Error{
                fmt::format("Error reading {} at line {}: Line too long", name(), number_)};
    }
    line_ = std::string(trim(line_));
    return true;
}

} // namespace preforkd::config
