#include "app/migrate/module_guide.h"

#include <gtest/gtest.h>

namespace preforkd::migrate {

TEST(ModuleGuide, KnowsWhereADirectiveComesFrom) {
    EXPECT_EQ(module_of_directive("AuthLDAPURL"), "mod_authnz_ldap");
    EXPECT_EQ(module_of_directive("SessionCookieName"), "mod_session_cookie");
    EXPECT_EQ(module_of_directive("fcgidwrapper"), "mod_fcgid");
    EXPECT_EQ(module_of_directive("PassengerRoot"), "mod_passenger");
    EXPECT_EQ(module_of_directive("WSGIScriptAlias"), "mod_wsgi");
    EXPECT_EQ(module_of_directive("AssignUserID"), "mpm_itk");
    EXPECT_EQ(module_of_directive("LockFile"), before_2_4);
    EXPECT_EQ(module_of_directive("RewriteRule"), "mod_rewrite");
    EXPECT_EQ(module_of_directive("Fastcgi_param"), ""); // nginx
    EXPECT_EQ(module_of_directive("Nonsense"), "");
}

TEST(ModuleGuide, NamesModulesByTheirIdentifiers) {
    EXPECT_EQ(module_of_identifier("proxy_fcgi_module"), "mod_proxy_fcgi");
    EXPECT_EQ(module_of_identifier("php7_module"), "mod_php");
    EXPECT_EQ(module_of_identifier("security2_module"), "mod_security");
    EXPECT_EQ(module_of_identifier("mpm_itk_module"), "mpm_itk");
}

TEST(ModuleGuide, SaysWhatThereIsInstead) {
    EXPECT_EQ(advice_about("mod_gzip"), "instead: SetOutputFilter DEFLATE");
    EXPECT_TRUE(advice_about("mod_rewrite").starts_with("preforkd has it, but no LoadModule"));
    EXPECT_TRUE(advice_about("mod_authnz_ldap").starts_with("one of Apache's"));
    EXPECT_TRUE(advice_about("mod_security").starts_with("not one of Apache's"));
    EXPECT_TRUE(advice_about(before_2_4).starts_with("gone since then"));
    EXPECT_EQ(advice_about(""), "no module that is known has it");
}

} // namespace preforkd::migrate
