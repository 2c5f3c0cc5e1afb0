#include "modules/content/autoindex/index_entry.h"

#include <algorithm>

#include "base/text.h"

namespace preforkd {

namespace {

template <class T>
int sign(const T& a, const T& b) {
    return a < b ? -1 : (b < a ? 1 : 0);
}

// Text that ends is followed by NUL bytes, as in C.
class Cursor {
  public:
    explicit Cursor(std::string_view text) : text_(text) {}
    char at(std::size_t ahead = 0) const {
        return place_ + ahead < text_.size() ? text_[place_ + ahead] : '\0';
    }
    void next() { ++place_; }
    void skip_space() {
        while (is_space(at())) ++place_;
    }

  private:
    std::string_view text_;
    std::size_t place_ = 0;
};

// Whole numbers: the longer run is greater; of equally long ones the first difference decides.
int compare_numbers(const Cursor& a, const Cursor& b) {
    int difference = 0;
    for (std::size_t i = 0;; ++i) {
        const bool more_a = is_digit(a.at(i)), more_b = is_digit(b.at(i));
        if (!more_a && !more_b) return difference;
        if (more_a != more_b) return more_a ? 1 : -1;
        if (difference == 0) difference = sign(a.at(i), b.at(i));
    }
}

// Behind a decimal point: the first difference decides.
int compare_fractions(const Cursor& a, const Cursor& b) {
    for (std::size_t i = 0;; ++i) {
        const bool more_a = is_digit(a.at(i)), more_b = is_digit(b.at(i));
        if (!more_a && !more_b) return 0;
        if (more_a != more_b) return more_a ? 1 : -1;
        if (const int difference = sign(a.at(i), b.at(i))) return difference;
    }
}

int compare_ignoring_case(std::string_view a, std::string_view b) {
    const auto count = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < count; ++i) {
        const auto byte_a = static_cast<unsigned char>(to_lower(a[i]));
        const auto byte_b = static_cast<unsigned char>(to_lower(b[i]));
        if (byte_a != byte_b) return sign(byte_a, byte_b);
    }
    return sign(a.size(), b.size());
}

// Names that are equal in the asked sense still have an order, so that a listing never wavers.
int compare_names(std::string_view a, std::string_view b, const IndexOrder& order) {
    int result = 0;
    if (order.by_version && order.ignores_case) result = compare_by_version(a, b, true);
    if (order.by_version && result == 0) result = compare_by_version(a, b, false);
    if (order.ignores_case && result == 0) result = compare_ignoring_case(a, b);
    return result != 0 ? result : a.compare(b);
}

int compare(const IndexEntry& a, const IndexEntry& b, const IndexOrder& order) {
    int result = 0;
    if (order.key == 'M') result = sign(a.modified, b.modified);
    if (order.key == 'S') result = sign(a.size, b.size);
    if (order.key == 'D') {
        const auto text_a = a.description.value_or(""), text_b = b.description.value_or("");
        result =
            order.by_version ? compare_by_version(text_a, text_b, false) : text_a.compare(text_b);
    }
    return result != 0 ? result : compare_names(a.name, b.name, order);
}

} // namespace

int compare_by_version(std::string_view text_a, std::string_view text_b, bool ignores_case) {
    Cursor a(text_a), b(text_b);
    for (;; a.next(), b.next()) {
        a.skip_space();
        b.skip_space();
        char next_a = a.at(), next_b = b.at();
        if (is_digit(next_a) && is_digit(next_b)) {
            const bool fraction = next_a == '0' || next_b == '0';
            const int result = fraction ? compare_fractions(a, b) : compare_numbers(a, b);
            if (result != 0) return result;
        }
        if (next_a == '\0' && next_b == '\0') return 0;
        if (ignores_case) {
            next_a = to_upper(next_a);
            next_b = to_upper(next_b);
        }
        if (next_a != next_b) return sign(next_a, next_b);
    }
}

void sort_entries(std::vector<IndexEntry>& entries, const IndexOrder& order) {
    const auto stands_before = [&](const IndexEntry& a, const IndexEntry& b) {
        // The way up stands first and folders before files, whatever the direction.
        if (a.is_way_up() || b.is_way_up()) return a.is_way_up() && !b.is_way_up();
        if (a.comes_first != b.comes_first) return a.comes_first;
        return order.ascending ? compare(a, b, order) < 0 : compare(b, a, order) < 0;
    };
    // A folder's names come sorted as most ask for them.
    if (!std::is_sorted(entries.begin(), entries.end(), stands_before))
        std::sort(entries.begin(), entries.end(), stands_before);
}

} // namespace preforkd
