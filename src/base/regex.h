// A compiled regular expression (PCRE2 with JIT), as Apache's directives take them.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace preforkd {

class Regex {
  public:
    enum class Case { sensitive, ignored };

    // Fails with PCRE2's own words.
    static Result<Regex> compile(std::string_view pattern, Case = Case::sensitive);

    bool matches(std::string_view subject) const;

    // Fills `groups` ($0 first; a group that did not take part is empty) up to its size.
    // The views point into `subject`.
    bool match(std::string_view subject, std::span<std::string_view> groups) const;

    // The names of named groups, with their numbers.
    const std::vector<std::pair<std::string, int>>& named_groups() const;
    int group_count() const;

  private:
    // Hosts by the thousand say the same: what a pattern became is shared by all who use it.
    struct Compiled;
    explicit Regex(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
    std::shared_ptr<const Compiled> compiled_;
};

// Replaces $0…$9 in `replacement` with `groups` (Apache: ap_pregsub). A backslash goes, and
// takes the meaning of what follows it away.
std::string substitute_groups(std::string_view replacement,
                              std::span<const std::string_view> groups);

} // namespace preforkd
