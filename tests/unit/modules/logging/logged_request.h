// A request that was answered, as log directives look at it.
#pragma once

#include <string>

#include "modules/logging/log_format.h"
#include "pipeline/content_settings.h"
#include "pipeline/core_settings.h"
#include "pipeline/host_settings.h"

namespace preforkd::testing {

class LoggedRequest {
  public:
    LoggedRequest() {
        auto& registry = config::SettingsRegistry::instance();
        registry.add(config::settings_type<HostSettings>());
        registry.add(config::settings_type<CoreServerSettings>());
        registry.add(config::settings_type<CoreDirectorySettings>());
        registry.add(config::settings_type<ContentSettings>());
        server.name = "site.test";
        facts.client = *net::Address::parse("192.0.2.7", 4711);
        facts.local = *net::Address::parse("192.0.2.1", 8080);
        facts.client_ip = "192.0.2.7";
        facts.local_ip = "192.0.2.1";
        for (Request* one : {&first, &last}) {
            one->client = {facts.client, facts.client_ip, {}};
            one->server = &server;
            one->settings = &server.directory_merged;
            one->started = SteadyClock::now();
            one->received_at = 1'795'220'590'012'345;
            one->head.method_name = "GET";
        }
        first.uri = "/a";
        first.head.request_line = "GET /a?b=c HTTP/1.1";
        first.response.status = 302;
        last.uri = "/b";
        last.previous = &first;
        last.keep_alive = true;
    }

    // The line without its end, or why the format was refused.
    std::string line(std::string_view format) {
        const auto compiled = logging::LogFormat::compile(format);
        if (!compiled) return compiled.error().what;
        auto buffer = std::make_unique<logging::LineBuffer>();
        logging::Transaction transaction(last);
        compiled->render(*buffer, transaction);
        const auto text = buffer->text();
        return text.ends_with('\n') ? std::string(text.substr(0, text.size() - 1)) : "no end";
    }

    config::Server server;
    Arena arena;
    ConnectionFacts facts;
    Request first{facts, arena}; // what the client asked for
    Request last{facts, arena};  // what an internal redirect made of it
};

} // namespace preforkd::testing
