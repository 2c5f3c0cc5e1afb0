// What an expression knows while it is evaluated, and the two kinds of node it is made of.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pipeline/expression/expression.h"
#include "pipeline/request.h"

namespace preforkd::expression {

struct Scope {
    Request& request;
    MatchGroups groups{};
    std::string_view vary = {}; // names of the fields that were read, joined
    std::string error = {};     // why a function failed; empty where none did

    void note_field(std::string_view name);
};

// A part that has a text: 'words', %{VARIABLE}, $1, md5('…').
class Word {
  public:
    virtual ~Word() = default;
    // In the request's arena, or something that outlives the request.
    virtual std::string_view of(Scope& scope) const = 0;
    // Where no request changes it.
    virtual std::optional<std::string_view> constant() const { return std::nullopt; }
};

// A part that holds or does not.
class Test {
  public:
    virtual ~Test() = default;
    virtual bool holds(Scope& scope) const = 0;
};

using WordPointer = std::unique_ptr<Word>;
using TestPointer = std::unique_ptr<Test>;

} // namespace preforkd::expression
