#include <gtest/gtest.h>

#include "modules/access/authz_core/rules.h"
#include "modules/modules.h"
#include "unit/modules/server/one_directive.h"

namespace preforkd {
namespace {

class AuthzCore : public testing::Test {
  protected:
    AuthzCore() {
        core.configuration().enabled_modules = {"authz_core_module", "authz_host_module"};
    }
    std::string require(const std::string& words) { return core.apply("Require", {words}); }
    Authorization answer(Request& request) {
        return check(*core.of<AuthzCoreSettings>().rules, request,
                     AuthorizationRule::Combination::all);
    }
    Authorization answer(std::string_view method = "GET") {
        Request request(facts, arena);
        request.head.method_name = method;
        return answer(request);
    }

    OneDirective core{authz_core_module()};
    ConnectionFacts facts;
    Arena arena;
};

TEST_F(AuthzCore, RefusesWordsThatNoModuleHas) {
    EXPECT_EQ(require("foo"), "Unknown Authz provider: foo");
    EXPECT_EQ(require(""), "Unknown Authz provider: ");
    EXPECT_EQ(require("not"), "Unknown Authz provider: ");
    EXPECT_EQ(require("ALL granted"), "Unknown Authz provider: ALL");
    // Its module is not there.
    EXPECT_EQ(require("valid-user"), "Unknown Authz provider: valid-user");
}

TEST_F(AuthzCore, RefusesArgumentsInApachesWords) {
    EXPECT_EQ(require("all"), "Argument for 'Require all' must be 'granted' or 'denied'");
    EXPECT_EQ(require("all granted x"), "Argument for 'Require all' must be 'granted' or 'denied'");
    EXPECT_EQ(require("method FOO"), "Invalid Method 'FOO'");
    EXPECT_EQ(require("ip"), "'require ip' requires an argument");
    EXPECT_EQ(require("ip 10/8"),
              "ip address '10/8' appears to be invalid: The specified IP address is invalid.");
    EXPECT_EQ(require("ip 10.0.0.0/33"),
              "ip address '10.0.0.0/33' appears to be invalid: The specified network mask is "
              "invalid.");
    EXPECT_EQ(require("ip zork"), "ip address 'zork' appears to be invalid");
}

TEST_F(AuthzCore, RefusesANegationThatCouldNeverMatter) {
    EXPECT_EQ(require("not all granted"),
              "negative Require directive has no effect in <RequireAny> directive");
}

TEST_F(AuthzCore, TakesExpressionsWithAndWithoutQuotes) {
    EXPECT_EQ(require("expr %{REQUEST_METHOD} == 'GET'"), "");
    EXPECT_EQ(require("expr \"%{REQUEST_METHOD} == 'GET'\""), "");
    EXPECT_EQ(require("expr %{NOPE} == 'GET'"),
              "Cannot parse expression in require line: Variable 'NOPE' does not exist");
}

TEST_F(AuthzCore, GrantsByTheVariablesOfARequest) {
    ASSERT_EQ(require("env friend neighbour"), "");
    Request request(facts, arena);
    EXPECT_EQ(answer(request), Authorization::denied);
    request.set_variable("neighbour", "");
    EXPECT_EQ(answer(request), Authorization::granted);
}

TEST_F(AuthzCore, TakesHeadForGet) {
    ASSERT_EQ(require("method GET POST"), "");
    EXPECT_EQ(answer("GET"), Authorization::granted);
    EXPECT_EQ(answer("HEAD"), Authorization::granted);
    EXPECT_EQ(answer("PUT"), Authorization::denied);
    EXPECT_EQ(answer("ZORK"), Authorization::denied);
}

TEST_F(AuthzCore, TakesOneOfSeveralRequires) {
    ASSERT_EQ(require("all denied"), "");
    EXPECT_EQ(answer(), Authorization::denied);
    ASSERT_EQ(require("all granted"), "");
    EXPECT_EQ(answer(), Authorization::granted);
}

TEST_F(AuthzCore, KnowsRequirementsByTheirAliases) {
    EXPECT_EQ(core.apply("<AuthzProviderAlias", {"env friends friend"}), "");
    EXPECT_EQ(require("friends"), "");
    EXPECT_EQ(answer(), Authorization::denied);
    EXPECT_EQ(core.apply("<AuthzProviderAlias", {"env"}),
              "<AuthzProviderAlias> directive requires additional arguments");
    EXPECT_EQ(core.apply("<AuthzProviderAlias", {"foo x y"}), "Unknown Authz provider: foo");
    EXPECT_EQ(core.apply("<AuthzProviderAlias", {"ip x zork"}),
              "Can't parse 'Require ip zork': ip address 'zork' appears to be invalid");
}

TEST_F(AuthzCore, TakesThreeWaysOfMerging) {
    for (const char* word : {"Off", "and", "OR"})
        EXPECT_EQ(core.apply("AuthMerging", {word}), "") << word;
    EXPECT_EQ(core.apply("AuthMerging", {"x"}), "AuthMerging must be one of: Off | And | Or");
}

} // namespace
} // namespace preforkd
