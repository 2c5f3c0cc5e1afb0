#include <gtest/gtest.h>

#include "modules/access/method_choice.h"
#include "modules/modules.h"
#include "pipeline/content_settings.h"
#include "pipeline/core_settings.h"
#include "pipeline/host_settings.h"
#include "pipeline/request.h"
#include "unit/modules/server/one_directive.h"

namespace preforkd {
namespace {

class AccessCompat : public testing::Test {
  protected:
    AccessCompat() {
        // What a line of the error log asks.
        auto& registry = config::SettingsRegistry::instance();
        registry.add(config::settings_type<HostSettings>());
        registry.add(config::settings_type<CoreServerSettings>());
        registry.add(config::settings_type<CoreDirectorySettings>());
        registry.add(config::settings_type<ContentSettings>());
    }
    // A client of 192.0.2.7 with these variables.
    Verdict answer(std::initializer_list<std::string_view> variables = {}) {
        server().directory_merged = config::MergedSettings().with(server().directory_settings);
        ConnectionFacts facts;
        facts.client = *net::Address::parse("192.0.2.7", 4711);
        Arena arena;
        Request request(facts, arena);
        request.server = &server();
        request.settings = &server().directory_merged;
        request.head.method_name = method;
        for (const auto& variable : variables) request.set_variable(variable, "1");
        return access_compat_module().hooks.access_checker(request);
    }
    std::string order(const std::string& word) { return compat.apply("order", {word}); }
    std::string allow(const std::string& word) { return compat.apply("allow", {"from", word}); }
    std::string deny(const std::string& word) { return compat.apply("deny", {"from", word}); }
    config::Server& server() { return compat.server(); }

    OneDirective compat{access_compat_module()};
    std::string_view method = "GET";
};

TEST_F(AccessCompat, LetsEverybodyInWhereNothingIsSaid) { EXPECT_EQ(answer(), ok); }

TEST_F(AccessCompat, LetsAllowSpeakLastByDefault) {
    EXPECT_EQ(deny("all"), "");
    EXPECT_EQ(answer(), refuse(403));
    EXPECT_EQ(allow("192.0.2"), "");
    EXPECT_EQ(answer(), ok);
}

TEST_F(AccessCompat, DeniesWhoIsNotAllowedWithAllowDeny) {
    EXPECT_EQ(order("Allow,Deny"), "");
    EXPECT_EQ(answer(), refuse(403));
    EXPECT_EQ(allow("all"), "");
    EXPECT_EQ(answer(), ok);
    EXPECT_EQ(deny("192.0.2.0/28"), "");
    EXPECT_EQ(answer(), refuse(403));
}

TEST_F(AccessCompat, TakesMutualFailureForWhatItIs) {
    EXPECT_EQ(order("mutual-failure"), "");
    EXPECT_EQ(answer(), refuse(403));
    EXPECT_EQ(allow("192.0.2.0/255.255.255.0"), "");
    EXPECT_EQ(answer(), ok);
}

TEST_F(AccessCompat, GoesByVariables) {
    deny("all");
    EXPECT_EQ(allow("env=friend"), "");
    EXPECT_EQ(answer(), refuse(403));
    EXPECT_EQ(answer({"friend"}), ok);
    EXPECT_EQ(allow("env=!enemy"), "");
    EXPECT_EQ(answer(), ok);
    EXPECT_EQ(answer({"enemy"}), refuse(403));
}

TEST_F(AccessCompat, LeavesTheDecisionToRequireWithSatisfyAny) {
    deny("all");
    EXPECT_EQ(compat.apply("Satisfy", {"any"}), "");
    EXPECT_EQ(answer(), ok);
    allow("192.0.2.7");
    EXPECT_EQ(answer(), done);
}

TEST_F(AccessCompat, RefusesWordsInApachesWords) {
    EXPECT_EQ(order("foo"), "unknown order");
    EXPECT_EQ(compat.apply("allow", {"on", "all"}), "allow and deny must be followed by 'from'");
    EXPECT_EQ(compat.apply("Satisfy", {"x"}), "Satisfy either 'any' or 'all'.");
    EXPECT_EQ(allow("foo/8"), "An IP address was expected");
    EXPECT_EQ(allow("1.2.3.4/99"), "The specified network mask is invalid.");
    EXPECT_EQ(allow("1.2.3.4.5"), "The specified IP address is invalid.");
    EXPECT_EQ(allow("#x"), "No comments are allowed here");
}

TEST(MethodChoice, GoesByWhatWasSaidLastOfAMethod) {
    MethodChoice<int> choice(1);
    const config::MethodLimit post{false, {"POST"}};
    const config::MethodLimit not_get{true, {"GET"}};
    choice.set(2, &post);
    EXPECT_EQ(choice.of("GET"), 1);
    EXPECT_EQ(choice.of("POST"), 2);
    choice.set(3, &not_get);
    EXPECT_EQ(choice.of("POST"), 3);
    EXPECT_EQ(choice.of("HEAD"), 1);
    choice.set(4, nullptr);
    EXPECT_EQ(choice.of("POST"), 4);
}

} // namespace
} // namespace preforkd
