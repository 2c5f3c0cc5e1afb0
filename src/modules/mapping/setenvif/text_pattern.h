// A regular expression that is often only a piece of text, as in BrowserMatch: then looking for the
// text is enough.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/regex.h"

namespace preforkd {

class TextPattern {
  public:
    static Result<TextPattern> compile(std::string_view pattern, Regex::Case letter_case);

    // Fills `groups` only where has_groups().
    bool match(std::string_view subject, std::span<std::string_view> groups) const;
    bool matches(std::string_view subject) const { return match(subject, {}); }
    // Plain text has none: then "$1" in a value is just that (Apache: mod_setenvif).
    bool has_groups() const { return regex_.has_value(); }

  private:
    std::string text_; // what to look for, when regex_ is empty
    std::optional<Regex> regex_;
};

} // namespace preforkd
