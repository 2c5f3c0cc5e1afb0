#include <gtest/gtest.h>

#include "config/process_settings.h"
#include "modules/modules.h"
#include "pipeline/content_settings.h"
#include "pipeline/core_settings.h"
#include "unit/modules/server/one_directive.h"

namespace preforkd {
namespace {

class Core : public testing::Test {
  protected:
    OneDirective core{core_module()};

    unsigned options() { return core.of<CoreDirectorySettings>().effective_options(); }
};

TEST_F(Core, ReplacesOptionsThatStandWithoutASign) {
    EXPECT_EQ(core.apply("Options", {"Indexes"}), "");
    EXPECT_EQ(options(), unsigned{option_indexes});
}

TEST_F(Core, AddsToAndTakesFromWhatIsInherited) {
    EXPECT_EQ(core.apply("Options", {"+Indexes", "-FollowSymLinks"}), "");
    EXPECT_EQ(options(), unsigned{option_indexes});
}

TEST_F(Core, TakesSecondOptionsOnTopOfTheFirst) {
    EXPECT_EQ(core.apply("Options", {"None"}), "");
    EXPECT_EQ(core.apply("Options", {"+MultiViews"}), "");
    EXPECT_EQ(options(), unsigned{option_multiviews});
}

TEST_F(Core, RefusesMixedOptionsInApachesWords) {
    const std::string mixed = "Either all Options must start with + or -, or no Option may.";
    EXPECT_EQ(core.apply("Options", {"+Indexes", "FollowSymLinks"}), mixed);
    EXPECT_EQ(core.apply("Options", {"Indexes", "+FollowSymLinks"}), mixed);
    EXPECT_EQ(core.apply("Options", {"-none"}),
              "You may not use 'Options +None' or 'Options -None'.");
    EXPECT_EQ(core.apply("Options", {"All", "None"}),
              "'Options None' must be the first Option given.");
    EXPECT_EQ(core.apply("Options", {"None", "All"}),
              "'Options All' must be the first option given.");
    EXPECT_EQ(core.apply("Options", {"foo"}), "Illegal option foo");
}

TEST_F(Core, LeavesAnHtaccessOnlyTheOptionsItMaySet) {
    core.allowed_options = option_indexes;
    EXPECT_EQ(core.apply("Options", {"Indexes"}), "");
    EXPECT_EQ(core.apply("Options", {"MultiViews"}), "Option MultiViews not allowed here");
}

TEST_F(Core, AllowsOverridesByClassAndByOption) {
    EXPECT_EQ(core.apply("AllowOverride", {"FileInfo", "Options=Indexes,MultiViews"}), "");
    const auto& settings = core.of<CoreDirectorySettings>();
    EXPECT_EQ(settings.allow_override,
              unsigned{config::override_file_info} | config::override_options);
    EXPECT_EQ(settings.allow_override_options, unsigned{option_indexes} | option_multiviews);
    EXPECT_EQ(core.apply("AllowOverride", {"Foo"}), "Illegal override option Foo");
}

TEST_F(Core, KeepsSomeOptionsOutOfPlainAllowOverrideOptions) {
    EXPECT_EQ(core.apply("AllowOverride", {"Options"}), "");
    const auto allowed = *core.of<CoreDirectorySettings>().allow_override_options;
    EXPECT_EQ(allowed & option_multiviews, 0u);
    EXPECT_EQ(core.apply("AllowOverride", {"All"}), "");
    EXPECT_NE(*core.of<CoreDirectorySettings>().allow_override_options & option_multiviews, 0u);
}

TEST_F(Core, TakesServerNameApart) {
    EXPECT_EQ(core.apply("ServerName", {"https://www.example.com:8443"}), "");
    EXPECT_EQ(core.server().scheme, "https");
    EXPECT_EQ(core.server().name, "www.example.com");
    EXPECT_EQ(core.server().port, 8443);
    EXPECT_TRUE(core.server().name_was_set);
}

TEST_F(Core, RefusesServerNamesAsApacheDoes) {
    EXPECT_EQ(core.apply("ServerName", {"foo:99999"}),
              "The port number \"foo:99999\" is outside the appropriate range (i.e., 1..65535).");
    EXPECT_EQ(core.apply("ServerName", {"*.foo"}),
              "Invalid ServerName \"*.foo\" use ServerAlias to set multiple server names.");
    EXPECT_EQ(core.apply("ServerAlias", {"a"}), "ServerAlias only used in <VirtualHost>");
}

TEST_F(Core, ResetsTheLevelsOfModulesWithAGeneralLevel) {
    EXPECT_EQ(core.apply("LogLevel", {"http:debug", "info", "mod_so.c:trace2"}), "");
    const auto& levels = *core.of<CoreServerSettings>().log_levels;
    EXPECT_EQ(levels.of("core"), log::Level::info);
    EXPECT_EQ(levels.of("http"), log::Level::info);
    EXPECT_EQ(levels.of("so"), log::Level::trace2);
}

TEST_F(Core, RefusesLevelsAndModulesItDoesNotKnow) {
    const std::string words = "Log level keyword must be one of "
                              "emerg/alert/crit/error/warn/notice/info/debug/trace1/.../trace8";
    EXPECT_EQ(core.apply("LogLevel", {"foo"}), words);
    EXPECT_EQ(core.apply("LogLevel", {"core:foo"}), "core:foo: " + words);
    EXPECT_EQ(core.apply("LogLevel", {"nomod:debug"}), "Cannot find module nomod");
}

TEST_F(Core, TellsThreeKindsOfErrorDocument) {
    EXPECT_EQ(core.apply("ErrorDocument", {"404", "/lost.html"}), "");
    EXPECT_EQ(core.apply("ErrorDocument", {"403", "https://example.com/no"}), "");
    EXPECT_EQ(core.apply("ErrorDocument", {"500", "Sorry"}), "");
    EXPECT_EQ(core.apply("ErrorDocument", {"410", "default"}), "");
    const auto& documents = core.of<ContentSettings>().error_documents;
    EXPECT_EQ(documents.at(404).kind, ErrorDocument::Kind::local);
    EXPECT_EQ(documents.at(403).kind, ErrorDocument::Kind::remote);
    EXPECT_EQ(documents.at(500).kind, ErrorDocument::Kind::text);
    EXPECT_EQ(documents.at(410).kind, ErrorDocument::Kind::standard);
}

TEST_F(Core, IgnoresARemoteErrorDocumentFor401) {
    EXPECT_EQ(core.apply("ErrorDocument", {"401", "http://example.com/"}), "");
    EXPECT_TRUE(core.of<ContentSettings>().error_documents.empty());
    ASSERT_EQ(core.configuration().warnings.size(), 1u);
    EXPECT_EQ(core.configuration().warnings[0].text,
              "AH00113: /etc/x.conf:7 cannot use a full URL in a 401 ErrorDocument directive --- "
              "ignoring!");
}

TEST_F(Core, RefusesStatusesThatHttpHasNot) {
    EXPECT_EQ(core.apply("ErrorDocument", {"99", "x"}), "Unsupported HTTP response code 99");
    EXPECT_EQ(core.apply("ErrorDocument", {"999", "x"}), "Unsupported HTTP response code 999");
}

TEST_F(Core, AddsUpEtagParts) {
    const auto bit = [](EtagPart part) { return static_cast<unsigned>(part); };
    EXPECT_EQ(core.apply("FileETag", {"None"}), "");
    EXPECT_EQ(core.of<ContentSettings>().file_etag->parts(), 0u);
    EXPECT_EQ(core.apply("FileETag", {"INode", "Size"}), "");
    EXPECT_EQ(core.of<ContentSettings>().file_etag->parts(),
              bit(EtagPart::inode) | bit(EtagPart::size));
    EXPECT_EQ(core.apply("FileETag", {"-Size"}), "");
    EXPECT_EQ(core.of<ContentSettings>().file_etag->parts(), bit(EtagPart::inode));
    EXPECT_EQ(core.apply("FileETag", {"-All"}),
              "FileETag keyword 'All' cannot be used with '+' or '-'");
}

TEST_F(Core, ReadsLimitsAsApacheDoes) {
    EXPECT_EQ(core.apply("LimitRequestBody", {"1024"}), "");
    EXPECT_EQ(core.of<ContentSettings>().limit_request_body, 1024u);
    EXPECT_EQ(core.apply("LimitRequestBody", {"-1"}),
              "LimitRequestBody requires a non-negative integer.");
    EXPECT_EQ(core.apply("LimitRequestBody", {"99999999999999999999"}),
              "LimitRequestBody argument is not parsable.");
    EXPECT_EQ(core.apply("LimitRequestFields", {"-1"}),
              "LimitRequestFields \"-1\" must be a non-negative integer (0 = no limit)");
    EXPECT_EQ(core.apply("LimitRequestLine", {"-1"}),
              "LimitRequestLine \"-1\" must be a non-negative integer");
}

TEST_F(Core, KeepsFreeMemoryAsSaid) {
    const auto& settings = core.of<config::ProcessSettings>();
    EXPECT_EQ(settings.max_mem_free, 2048u * 1024);
    EXPECT_EQ(core.apply("MaxMemFree", {"512"}), "");
    EXPECT_EQ(settings.max_mem_free, 512u * 1024);
    EXPECT_EQ(core.apply("MaxMemFree", {"-1"}), "Invalid MaxMemFree value: -1");
}

TEST_F(Core, KeepsTheDefaultMutexApartFromTheAcceptMutex) {
    EXPECT_EQ(core.apply("Mutex", {"fcntl:/tmp", "default"}), "");
    EXPECT_EQ(core.apply("Mutex", {"sem", "mpm-accept"}), "");
    const auto& settings = core.of<config::ProcessSettings>();
    EXPECT_EQ(settings.default_mutex.mechanism, "fcntl");
    EXPECT_EQ(settings.default_mutex.path, "/tmp");
    EXPECT_EQ(settings.accept_mutex.mechanism, "posixsem");
    EXPECT_TRUE(settings.accept_mutex_was_set);
}

TEST_F(Core, RefusesMutexesAsApacheDoes) {
    EXPECT_EQ(core.apply("Mutex", {"none"}), "None is not allowed for mutex type default");
    EXPECT_EQ(core.apply("Mutex", {"pthread", "foo"}), "Mutex type foo is not valid");
    EXPECT_EQ(core.apply("Mutex", {"fcntl:/nope"}),
              "Invalid Mutex directory in argument fcntl:/nope");
}

TEST_F(Core, LetsOppositeProtocolOptionsExcludeEachOther) {
    EXPECT_EQ(core.apply("HttpProtocolOptions", {"Unsafe", "Allow0.9"}), "");
    EXPECT_EQ(core.of<CoreServerSettings>().protocol_unsafe, true);
    EXPECT_EQ(core.apply("HttpProtocolOptions", {"Unsafe", "Strict"}),
              "HttpProtocolOptions 'Strict' and 'Unsafe' are mutually exclusive");
}

TEST_F(Core, DefersConnectionsByProtocolUnlessToldNotTo) {
    using Protocols = std::set<std::string>;
    const auto& deferred = core.of<config::ProcessSettings>().deferred_protocols;
    EXPECT_EQ(deferred, (Protocols{"http", "https"}));
    EXPECT_EQ(core.apply("AcceptFilter", {"HTTP", "None"}), "");
    EXPECT_EQ(core.apply("AcceptFilter", {"nntp", "data"}), "");
    EXPECT_EQ(core.apply("AcceptFilter", {"https", "httpready"}), "");
    EXPECT_EQ(deferred, (Protocols{"https", "nntp"}));
}

} // namespace
} // namespace preforkd
