// Text with $1, %1, %{VARIABLE} and ${map:key|default} in it: what rules and conditions are made
// of. Taken apart when the configuration is read.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "modules/mapping/rewrite/variable.h"

namespace preforkd::rewrite {

constexpr std::size_t most_groups = 10; // $0 to $9
using Groups = std::array<std::string_view, most_groups>;

// How a rule wants the groups that it uses to be percent-encoded ([B] and its like).
struct GroupEscaping {
    bool wanted = false;
    std::string only;      // [B=…]: these characters; empty: everything but letters, digits and _
    std::string never;     // [BNE=…]: not these, where others are wanted
    bool controls = false; // [BCTLS]: only control characters and spaces
    bool no_plus = false;  // [BNP]: a space is %20
};

// What a piece may read while it is expanded.
struct Scope {
    Request& request;
    const Groups& rule_groups;
    const Groups& condition_groups;
    const GroupEscaping* escaping; // nullptr: groups stand as they are
    std::string_view uri;          // that the rule is applied to, for %{LA-U:…}
    std::string_view directory;    // of the rules; empty outside directories
    std::string_view* vary;        // the request fields that were read; nullptr where nobody asks
};

class Template {
  public:
    static Template parse(std::string_view text);

    // In the request's arena, or a view of the template itself.
    std::string_view expand(const Scope& scope) const;
    // Where the text has a ?: whether a group or variable brought it.
    struct QuestionMarks {
        bool any = false;
        bool first_is_borrowed = false, last_is_borrowed = false;
    };
    std::string_view expand(const Scope& scope, QuestionMarks& marks) const;

  private:
    struct Group {
        bool of_condition = false;
        unsigned number = 0;
    };
    struct Lookup; // in a map
    // Most have text and groups, and what is larger stands elsewhere.
    using Piece = std::variant<std::string, Group, std::shared_ptr<const Variable>,
                               std::shared_ptr<const Lookup>>;
    static std::string_view value_of(const Piece& piece, const Scope& scope);
    void add_text(std::string_view text);
    std::size_t add_special(std::string_view text);

    std::vector<Piece> pieces_;
};

} // namespace preforkd::rewrite
