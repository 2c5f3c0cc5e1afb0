// Expressions (Apache: ap_expr): conditions and texts that depend on the request, as <If>, Require
// expr, Header and others take them. docs/expressions.md describes the language.
#pragma once

#include <array>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "config/configuration.h"

namespace preforkd {

class Request;

namespace expression {
class Test;
class Word;
} // namespace expression

// What the groups of a regular expression matched, $0 first.
using MatchGroups = std::array<std::string_view, 10>;

// One expression, taken apart once while the configuration is read. Cheap to copy.
class Expression {
  public:
    // Whether the request fields that a condition reads are named in the response's Vary.
    enum class Vary : unsigned char { named, silent };

    // "%{REQUEST_URI} =~ m#^/admin# && -R '10.0.0.0/8'". Fails with what does not fit, and where.
    // `configuration` says which modules offer variables and functions.
    static Result<Expression> condition(std::string_view text,
                                        const config::Configuration& configuration,
                                        Vary vary = Vary::named);
    // A condition that stands in a document, whose author may be anybody: nothing that looks into
    // files is known to it.
    static Result<Expression> document_condition(std::string_view text,
                                                 const config::Configuration& configuration);
    // A condition of the older SSLRequire: of two texts the longer one is the greater, whichever
    // comparison stands between them.
    static Result<Expression> ssl_requirement(std::string_view text,
                                              const config::Configuration& configuration);
    // "Hello %{REMOTE_USER}": words with variables among them.
    static Result<Expression> text(std::string_view text,
                                   const config::Configuration& configuration);

    // Whether the condition holds, and what its last regular expression matched. Fails where a
    // function cannot do its work (a file that is missing). Requires: made by condition().
    Result<bool> holds(Request& request) const;
    Result<bool> holds(Request& request, MatchGroups& groups) const;
    // The text, in the request's arena. Requires: made by text().
    Result<std::string_view> text_for(Request& request) const;
    // With $1 and its like as what a condition has matched before.
    Result<std::string_view> text_for(Request& request, const MatchGroups& groups) const;

    // The same for whoever takes a failure for "no" and for "": it goes to the error log, in the
    // name of `module`.
    bool holds_or_logs(Request& request, std::string_view module) const;
    std::string_view text_or_logs(Request& request, std::string_view module) const;

    // %{REMOTE_USER} occurs in it.
    bool asks_for_user() const { return asks_for_user_; }

  private:
    std::shared_ptr<const expression::Test> test_;
    std::shared_ptr<const expression::Word> word_;
    Vary vary_ = Vary::named;
    bool asks_for_user_ = false;
};

} // namespace preforkd
