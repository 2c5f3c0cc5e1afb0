#include "pipeline/expression/tests.h"

#include <algorithm>
#include <cstdlib>
#include <functional>

namespace preforkd::expression {

namespace {

class Constant final : public Test {
  public:
    explicit Constant(bool value) : value_(value) {}
    bool holds(Scope&) const override { return value_; }

  private:
    bool value_;
};

class Negation final : public Test {
  public:
    explicit Negation(TestPointer test) : test_(std::move(test)) {}
    bool holds(Scope& scope) const override { return !test_->holds(scope); }

  private:
    TestPointer test_;
};

class All final : public Test {
  public:
    explicit All(std::vector<TestPointer> tests) : tests_(std::move(tests)) {}
    bool holds(Scope& scope) const override {
        return std::all_of(tests_.begin(), tests_.end(),
                           [&](const auto& test) { return test->holds(scope); });
    }

  private:
    std::vector<TestPointer> tests_;
};

class Any final : public Test {
  public:
    explicit Any(std::vector<TestPointer> tests) : tests_(std::move(tests)) {}
    bool holds(Scope& scope) const override {
        return std::any_of(tests_.begin(), tests_.end(),
                           [&](const auto& test) { return test->holds(scope); });
    }

  private:
    std::vector<TestPointer> tests_;
};

class UnaryTest final : public Test {
  public:
    UnaryTest(UnaryOperator holds, WordPointer word) : holds_(holds), word_(std::move(word)) {}
    bool holds(Scope& scope) const override { return holds_(word_->of(scope), scope); }

  private:
    UnaryOperator holds_;
    WordPointer word_;
};

class BinaryTest final : public Test {
  public:
    BinaryTest(BinaryOperator holds, WordPointer left, WordPointer right)
        : holds_(holds), left_(std::move(left)), right_(std::move(right)) {}
    bool holds(Scope& scope) const override {
        const auto left = left_->of(scope);
        return holds_(left, right_->of(scope), scope);
    }

  private:
    BinaryOperator holds_;
    WordPointer left_, right_;
};

class Membership final : public Test {
  public:
    Membership(WordPointer word, std::vector<WordPointer> list)
        : word_(std::move(word)), list_(std::move(list)) {}
    bool holds(Scope& scope) const override {
        const auto wanted = word_->of(scope);
        return std::any_of(list_.begin(), list_.end(),
                           [&](const auto& member) { return member->of(scope) == wanted; });
    }

  private:
    WordPointer word_;
    std::vector<WordPointer> list_;
};

class ListMembership final : public Test {
  public:
    ListMembership(WordPointer word, ListFunction list, WordPointer argument)
        : word_(std::move(word)), list_(list), argument_(std::move(argument)) {}
    bool holds(Scope& scope) const override {
        const auto wanted = word_->of(scope);
        const auto members = list_(argument_->of(scope), scope.request);
        return std::find(members.begin(), members.end(), wanted) != members.end();
    }

  private:
    WordPointer word_;
    ListFunction list_;
    WordPointer argument_;
};

class Match final : public Test {
  public:
    Match(WordPointer word, Regex regex) : word_(std::move(word)), regex_(std::move(regex)) {}
    bool holds(Scope& scope) const override {
        MatchGroups found{};
        const bool matches = regex_.match(word_->of(scope), found);
        scope.groups = matches ? found : MatchGroups{};
        return matches;
    }

  private:
    WordPointer word_;
    Regex regex_;
};

// As atoi(3) reads it: 0 for what is no number.
long long number(std::string_view text) {
    return std::strtoll(std::string(text).c_str(), nullptr, 10);
}

using View = std::string_view;

// The longer text is the greater.
int order(View a, View b) {
    if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
    return a.compare(b);
}

template <class Relation>
bool texts(View a, View b, Scope&) {
    return Relation()(a, b);
}
template <class Relation>
bool numbers(View a, View b, Scope&) {
    return Relation()(number(a), number(b));
}
template <class Relation>
bool lengths(View a, View b, Scope&) {
    return Relation()(order(a, b), 0);
}

struct Comparison {
    std::string_view name;
    BinaryOperator holds;
    BinaryOperator by_length;
};

constexpr Comparison comparisons[] = {
    {"==", texts<std::equal_to<>>, lengths<std::equal_to<>>},
    {"=", texts<std::equal_to<>>, lengths<std::equal_to<>>},
    {"!=", texts<std::not_equal_to<>>, lengths<std::not_equal_to<>>},
    {"<", texts<std::less<>>, lengths<std::less<>>},
    {"<=", texts<std::less_equal<>>, lengths<std::less_equal<>>},
    {">", texts<std::greater<>>, lengths<std::greater<>>},
    {">=", texts<std::greater_equal<>>, lengths<std::greater_equal<>>},
    {"eq", numbers<std::equal_to<>>, lengths<std::equal_to<>>},
    {"ne", numbers<std::not_equal_to<>>, lengths<std::not_equal_to<>>},
    {"lt", numbers<std::less<>>, lengths<std::less<>>},
    {"le", numbers<std::less_equal<>>, lengths<std::less_equal<>>},
    {"gt", numbers<std::greater<>>, lengths<std::greater<>>},
    {"ge", numbers<std::greater_equal<>>, lengths<std::greater_equal<>>},
};

} // namespace

TestPointer constant(bool value) { return std::make_unique<Constant>(value); }

TestPointer negation(TestPointer test) { return std::make_unique<Negation>(std::move(test)); }

TestPointer all(std::vector<TestPointer> tests) {
    return tests.size() == 1 ? std::move(tests.front()) : std::make_unique<All>(std::move(tests));
}

TestPointer any(std::vector<TestPointer> tests) {
    return tests.size() == 1 ? std::move(tests.front()) : std::make_unique<Any>(std::move(tests));
}

TestPointer unary(UnaryOperator holds, WordPointer word) {
    return std::make_unique<UnaryTest>(holds, std::move(word));
}

TestPointer binary(BinaryOperator holds, WordPointer left, WordPointer right) {
    return std::make_unique<BinaryTest>(holds, std::move(left), std::move(right));
}

TestPointer membership(WordPointer word, std::vector<WordPointer> list) {
    return std::make_unique<Membership>(std::move(word), std::move(list));
}

TestPointer membership(WordPointer word, ListFunction list, WordPointer argument) {
    return std::make_unique<ListMembership>(std::move(word), list, std::move(argument));
}

TestPointer match(WordPointer word, Regex regex) {
    return std::make_unique<Match>(std::move(word), std::move(regex));
}

BinaryOperator find_comparison(std::string_view name, Comparisons wanted) {
    for (const auto& comparison : comparisons)
        if (comparison.name == name)
            return wanted == Comparisons::usual ? comparison.holds : comparison.by_length;
    return nullptr;
}

} // namespace preforkd::expression
