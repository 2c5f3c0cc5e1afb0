// A place in the text of an expression.
#pragma once

#include <string_view>

#include "base/text.h"

namespace preforkd::expression {

constexpr bool starts_name(char c) { return is_alpha(c) || c == '_'; }
constexpr bool continues_name(char c) { return starts_name(c) || is_digit(c); }

class Cursor {
  public:
    explicit Cursor(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }
    // The character `ahead` of here; NUL behind the end.
    char peek(std::size_t ahead = 0) const { return ahead < rest_.size() ? rest_[ahead] : '\0'; }
    bool is_at(std::string_view text) const { return rest_.starts_with(text); }
    std::string_view rest() const { return rest_; }

    std::string_view take(std::size_t count) {
        const auto taken = rest_.substr(0, count);
        rest_.remove_prefix(taken.size());
        return taken;
    }
    bool take_if(std::string_view text) {
        if (!is_at(text)) return false;
        take(text.size());
        return true;
    }
    void skip_spaces() {
        while (is_space(peek())) take(1);
    }
    // A name as it stands here, or "" where none does. Takes nothing.
    std::string_view name(std::size_t ahead = 0) const {
        std::size_t end = ahead;
        if (starts_name(peek(end)))
            while (continues_name(peek(end))) ++end;
        return ahead < rest_.size() ? rest_.substr(ahead, end - ahead) : std::string_view();
    }

  private:
    std::string_view rest_;
};

} // namespace preforkd::expression
