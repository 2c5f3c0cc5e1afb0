#include "modules/connection/ssl/ssl_variables.h"

#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>

#include "base/text.h"
#include "pipeline/request_variables.h"
#include "unit/modules/logging/logged_request.h"

namespace preforkd::ssl {
namespace {

// Variables where the client speaks plain HTTP; the comparison with apache2 has the others.
class SslVariables : public ::testing::Test, protected testing::LoggedRequest {
  protected:
    std::string value(std::string_view name) {
        return std::string(find_ssl_variable(name).of(first));
    }
};

template <class Named>
void expect_found(std::span<const Named> table) {
    EXPECT_TRUE(std::is_sorted(table.begin(), table.end(),
                               [](const auto& a, const auto& b) { return a.name < b.name; }));
    for (const auto& variable : table) {
        EXPECT_EQ(find_ssl_variable(variable.name).plain, variable.read) << variable.name;
        EXPECT_EQ(find_ssl_variable(lower(variable.name)).plain, variable.read) << variable.name;
    }
}

TEST_F(SslVariables, AreFoundByTheirNamesInAnyLetterCase) {
    expect_found(connection_variables());
    expect_found(request_variables());
}

TEST_F(SslVariables, AreEmptyWhereThereIsNothingToSay) {
    for (const char* name :
         {"", "NOTHING", "SSL_", "SSL_PROTOCOL", "SSL_CLIENT_S_DN_CN", "SSL_CLIENT_CERT",
          "SSL_CLIENT_CERT_CHAIN_0", "SSL_CLIENT_VERIFY", "SSL_SERVER_SAN_DNS_0", "HTTP:", "ENV:"})
        EXPECT_EQ(value(name), "") << name;
    EXPECT_EQ(value("HTTPS"), "off");
    EXPECT_EQ(value("SSL_VERSION_INTERFACE"), "mod_ssl/2.4.71");
    EXPECT_TRUE(value("SSL_VERSION_LIBRARY").starts_with("OpenSSL/3."));
}

TEST_F(SslVariables, SayWhichOfManyComponentsIsMeant) {
    const auto component = [](std::string_view rest) {
        return find_ssl_variable("SSL_CLIENT_S_DN_" + std::string(rest));
    };
    EXPECT_EQ(component("OU").component, net::name_component("OU"));
    EXPECT_EQ(component("OU").place, 0U);
    EXPECT_EQ(component("OU_").component, net::name_component("OU"));
    EXPECT_EQ(component("OU_12").place, 12U);
    EXPECT_TRUE(component("OU_12_RAW").raw);
    EXPECT_EQ(component("OU_12_RAW").place, 12U);
    for (const char* unknown : {"ou", "OU_x", "OU_RAW_1", "OU_-1", "X", "", "OU_99999999999"})
        EXPECT_EQ(component(unknown).component, 0) << unknown;
}

TEST_F(SslVariables, SayWhichOfManyAlternativeNamesIsMeant) {
    EXPECT_EQ(find_ssl_variable("SSL_SERVER_SAN_DNS_3").place, 3U);
    EXPECT_EQ(find_ssl_variable("SSL_SERVER_SAN_OTHER_msUPN_1").kind, net::AlternativeName::ms_upn);
    const auto nothing = find_ssl_variable("NOTHING").read;
    EXPECT_NE(find_ssl_variable("ssl_client_san_email_0").read, nothing);
    for (const char* unknown : {"SSL_CLIENT_SAN_DNS", "SSL_CLIENT_SAN_DNS_", "SSL_CLIENT_SAN_DNS_x",
                                "SSL_CLIENT_SAN_URI_0", "SSL_CLIENT_CERT_CHAIN_x"})
        EXPECT_EQ(find_ssl_variable(unknown).read, nothing) << unknown;
}

TEST_F(SslVariables, TellOfTheRequestToo) {
    first.head.fields.add("User-Agent", "agent");
    first.head.fields.add("X-Own", "own");
    first.query = "a=b";
    first.user = "ada";
    EXPECT_EQ(value("HTTP_USER_AGENT"), "agent");
    EXPECT_EQ(value("HTTP:x-own"), "own");
    EXPECT_EQ(value("QUERY_STRING"), "a=b");
    EXPECT_EQ(value("REMOTE_USER"), "ada");
    EXPECT_EQ(value("REMOTE_ADDR"), "192.0.2.7");
    EXPECT_EQ(value("REQUEST_SCHEME"), "http");
    EXPECT_EQ(value("REQUEST_URI"), "/a");
    EXPECT_EQ(value("THE_REQUEST"), "GET /a?b=c HTTP/1.1");
    EXPECT_EQ(value("IS_SUBREQ"), "false");
    EXPECT_EQ(value("SERVER_ADMIN"), "[no address given]");
    EXPECT_EQ(value("TIME").size(), 14U);
    EXPECT_EQ(value("TIME").substr(0, 4), value("TIME_YEAR"));
}

TEST_F(SslVariables, KnowVariablesOfTheRequestBeforeThoseOfTheProcess) {
    ::setenv("PREFORKD_TEST_VARIABLE", "of the process", 1);
    EXPECT_EQ(value("ENV:PREFORKD_TEST_VARIABLE"), "of the process");
    first.set_variable("PREFORKD_TEST_VARIABLE", "of the request");
    EXPECT_EQ(value("ENV:PREFORKD_TEST_VARIABLE"), "of the request");
    ::unsetenv("PREFORKD_TEST_VARIABLE");
}

TEST_F(SslVariables, StandInLogsAsADashWithoutTls) {
    EXPECT_EQ(line("%{SSL_PROTOCOL}x %{version}c %{errcode}c %{errstr}c %{HTTPS}x %x"),
              "- - - - off -");
}

} // namespace
} // namespace preforkd::ssl
