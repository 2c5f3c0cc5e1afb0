#include "modules/access/authz_core/rules.h"

#include <gtest/gtest.h>

namespace preforkd {
namespace {

using Combination = AuthorizationRule::Combination;

class Fixed final : public Requirement {
  public:
    explicit Fixed(Authorization answer) : answer_(answer) {}
    Authorization check(Request&) const override { return answer_; }

  private:
    Authorization answer_;
};

const Fixed granting(Authorization::granted);
const Fixed denying(Authorization::denied);
const Fixed asking(Authorization::denied_without_user);

AuthorizationRule leaf(const Requirement& requirement) {
    AuthorizationRule rule;
    rule.requirement = &requirement;
    return rule;
}

AuthorizationRule inverted(AuthorizationRule rule) {
    rule.negated = true;
    return rule;
}

AuthorizationRule combined(Combination combination, std::vector<AuthorizationRule> children) {
    AuthorizationRule rule;
    rule.combination = combination;
    rule.children = std::move(children);
    return rule;
}

AuthorizationRule any(std::vector<AuthorizationRule> children) {
    return combined(Combination::any, std::move(children));
}

AuthorizationRule all(std::vector<AuthorizationRule> children) {
    return combined(Combination::all, std::move(children));
}

Authorization answer(const AuthorizationRule& rule, std::string_view method = "GET") {
    ConnectionFacts facts;
    Arena arena;
    Request request(facts, arena);
    request.head.method_name = method;
    return check(rule, request, Combination::all);
}

TEST(AuthorizationRule, GrantsWhereAnyGrants) {
    EXPECT_EQ(answer(any({leaf(denying), leaf(granting)})), Authorization::granted);
    EXPECT_EQ(answer(any({leaf(denying), leaf(denying)})), Authorization::denied);
}

TEST(AuthorizationRule, DeniesWhereOneOfAllDenies) {
    EXPECT_EQ(answer(all({leaf(granting), leaf(denying)})), Authorization::denied);
    EXPECT_EQ(answer(all({leaf(granting), leaf(granting)})), Authorization::granted);
}

TEST(AuthorizationRule, AsksForAUserOnlyWhereThatMayHelp) {
    EXPECT_EQ(answer(any({leaf(denying), leaf(asking)})), Authorization::denied_without_user);
    EXPECT_EQ(answer(all({leaf(granting), leaf(asking)})), Authorization::denied_without_user);
    EXPECT_EQ(answer(all({leaf(asking), leaf(denying)})), Authorization::denied);
}

TEST(AuthorizationRule, NeverGrantsBecauseSomethingIsNotSo) {
    EXPECT_EQ(answer(inverted(leaf(granting))), Authorization::denied);
    EXPECT_EQ(answer(inverted(leaf(denying))), Authorization::neutral);
    EXPECT_EQ(answer(inverted(leaf(asking))), Authorization::neutral);
    EXPECT_EQ(answer(all({leaf(granting), inverted(leaf(denying))})), Authorization::granted);
    EXPECT_EQ(answer(all({inverted(leaf(denying))})), Authorization::neutral);
}

TEST(AuthorizationRule, CountsOnlyForTheMethodsOfItsLimit) {
    auto limited = leaf(denying);
    limited.limit = config::MethodLimit{false, {"POST"}};
    EXPECT_EQ(answer(any({limited}), "POST"), Authorization::denied);
    EXPECT_EQ(answer(any({limited}), "GET"), Authorization::granted);
    // Among others of which one must hold, it has nothing to say.
    EXPECT_EQ(answer(any({limited, leaf(denying)}), "GET"), Authorization::denied);
    EXPECT_EQ(answer(all({limited, leaf(granting)}), "GET"), Authorization::granted);
}

TEST(AuthorizationRule, DissolvesAContainerThatCombinesTheSameWay) {
    auto rule = any({leaf(denying)});
    add_container(rule, any({leaf(granting), leaf(denying)}));
    EXPECT_EQ(rule.children.size(), 3u);
    add_container(rule, all({leaf(granting), leaf(denying)}));
    EXPECT_EQ(rule.children.size(), 4u);
    add_container(rule, inverted(any({leaf(granting), leaf(denying)})));
    EXPECT_EQ(rule.children.size(), 5u);
}

TEST(AuthorizationRule, FindsContainersThatCanOnlyDeny) {
    EXPECT_EQ(find_only_negative(all({leaf(granting), inverted(leaf(granting))})), nullptr);
    const auto negative = all({inverted(leaf(granting))});
    EXPECT_EQ(find_only_negative(negative), &negative);
    const auto outer = any({leaf(granting), negative});
    EXPECT_EQ(find_only_negative(outer), &outer.children[1]);
}

TEST(AuthorizationRule, IsCalledAsItIsWritten) {
    EXPECT_EQ(all({}).container_name(), "<RequireAll>");
    EXPECT_EQ(any({}).container_name(), "<RequireAny>");
    EXPECT_EQ(inverted(any({})).container_name(), "<RequireNone>");
}

AuthzCoreSettings settings(std::optional<AuthMerging> merging, const Requirement* requirement) {
    AuthzCoreSettings made;
    made.merging = merging;
    if (requirement) made.rules = any({leaf(*requirement)});
    return made;
}

// What holds in an inner place with these settings; nothing where it is open.
std::optional<Authorization> merged(std::optional<AuthMerging> merging, const Requirement* inner,
                                    const Requirement* outer) {
    auto result = settings(merging, inner);
    result.inherit_from(settings(std::nullopt, outer));
    if (!result.rules) return std::nullopt;
    return answer(*result.rules);
}

TEST(AuthMerging, LeavesTheOuterRulesOutUnlessAsked) {
    EXPECT_EQ(merged(std::nullopt, &granting, &denying), Authorization::granted);
    EXPECT_EQ(merged(AuthMerging::off, &granting, &denying), Authorization::granted);
    EXPECT_EQ(merged(AuthMerging::off, nullptr, &denying), std::nullopt);
}

TEST(AuthMerging, KeepsTheOuterRulesWhereNothingIsSaid) {
    EXPECT_EQ(merged(std::nullopt, nullptr, &denying), Authorization::denied);
    EXPECT_EQ(merged(AuthMerging::all, nullptr, &denying), Authorization::denied);
}

TEST(AuthMerging, JoinsInnerAndOuterRules) {
    EXPECT_EQ(merged(AuthMerging::all, &granting, &denying), Authorization::denied);
    EXPECT_EQ(merged(AuthMerging::all, &granting, &granting), Authorization::granted);
    EXPECT_EQ(merged(AuthMerging::any, &denying, &granting), Authorization::granted);
    EXPECT_EQ(merged(AuthMerging::any, &denying, &denying), Authorization::denied);
    EXPECT_EQ(merged(AuthMerging::any, &denying, nullptr), Authorization::denied);
}

TEST(AuthMerging, NeedsNothingOfTheRulesItJoined) {
    auto result = settings(AuthMerging::all, &granting);
    {
        auto middle = settings(AuthMerging::all, &granting);
        middle.inherit_from(settings(std::nullopt, &denying));
        result.inherit_from(middle);
    }
    EXPECT_EQ(answer(*result.rules), Authorization::denied);
}

} // namespace
} // namespace preforkd
