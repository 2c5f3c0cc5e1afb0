// A small site for tests of the pipeline: a document root on disk, a configuration made by hand,
// and requests that go through every phase without a socket.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

#include "config/configuration.h"
#include "http/response_writer.h"
#include "http/uri.h"
#include "pipeline/content_settings.h"
#include "pipeline/core_settings.h"
#include "pipeline/host_settings.h"
#include "pipeline/request_processor.h"
#include "pipeline/wire_responder.h"
#include "support/scripted_stream.h"

namespace preforkd::testing {

class Site {
  public:
    Site() {
        auto& registry = config::SettingsRegistry::instance();
        registry.add(config::settings_type<HostSettings>());
        registry.add(config::settings_type<CoreServerSettings>());
        registry.add(config::settings_type<CoreDirectorySettings>());
        registry.add(config::settings_type<ContentSettings>());
        registry.add(config::settings_type<RequestReadTimeoutSettings>());
        std::string pattern = std::filesystem::temp_directory_path() / "preforkd-site-XXXXXX";
        root_ = std::filesystem::canonical(::mkdtemp(pattern.data()));
        configuration_.server_root = root_;
        configuration_.servers.push_back(std::make_unique<config::Server>());
        server().name = "site.test";
        host().document_root = root_.string();
    }
    ~Site() { std::filesystem::remove_all(root_); }
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    const std::filesystem::path& root() const { return root_; }
    std::filesystem::path file(const std::string& name, const std::string& content) {
        const auto path = root_ / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << content;
        // An old file has a strong ETag, whenever the test runs.
        std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() -
                                                   std::chrono::hours(1));
        return path;
    }

    config::Server& server() { return configuration_.main_server(); }
    HostSettings& host() { return server().server_settings.edit<HostSettings>(); }
    CoreServerSettings& core() { return server().server_settings.edit<CoreServerSettings>(); }
    CoreDirectorySettings& everywhere() {
        return server().directory_settings.edit<CoreDirectorySettings>();
    }
    ContentSettings& content() { return server().directory_settings.edit<ContentSettings>(); }
    config::Section& directory(const std::string& pattern) {
        return add(server().directories, config::Section::Kind::directory, pattern);
    }
    config::Section& location(const std::string& pattern) {
        return add(server().locations, config::Section::Kind::location, pattern);
    }

    std::vector<Module> modules;

    // Takes what was configured into use.
    const config::Configuration& complete() {
        auto& main = server();
        main.server_merged = config::MergedSettings().with(main.server_settings);
        main.directory_merged = config::MergedSettings().with(main.directory_settings);
        list(main.directories, main.all_directories);
        list(main.files, main.all_files);
        list(main.locations, main.all_locations);
        start_pipeline(configuration_, modules);
        return configuration_;
    }

    // What the client gets for a request with these fields ("Range: bytes=0-1").
    std::string answer(const std::string& method, const std::string& target,
                       const std::vector<std::pair<std::string, std::string>>& fields = {}) {
        complete();
        ScriptedStream stream;
        http::ResponseWriter writer(stream, std::chrono::seconds(1));
        RequestProcessor processor(configuration_);
        WireResponder responder(writer, processor.phases());
        Arena arena;
        ConnectionFacts facts;
        Request request(facts, arena);
        request.server = &server();
        request.head.method_name = method;
        request.head.method = method_of(method);
        const std::string line = method + " " + target + " HTTP/1.1";
        request.head.request_line = line;
        for (const auto& [name, value] : fields) request.head.fields.add(name, value);
        const auto parts = http::parse_target(target);
        request.raw_path = parts->path;
        request.has_query = parts->query.has_value();
        request.query = parts->query.value_or(std::string_view());
        request.received_at = std::chrono::duration_cast<std::chrono::microseconds>(
                                  std::chrono::system_clock::now().time_since_epoch())
                                  .count();
        responder.begin();
        processor.serve(request, responder);
        kept_alive = processor.last().keep_alive;
        processor.forget();
        return stream.sent;
    }
    std::string get(const std::string& target,
                    const std::vector<std::pair<std::string, std::string>>& fields = {}) {
        return answer("GET", target, fields);
    }
    bool kept_alive = false; // after the last answer

  private:
    static http::Method method_of(const std::string& name) {
        if (name == "GET") return http::Method::get;
        if (name == "HEAD") return http::Method::head;
        if (name == "POST") return http::Method::post;
        if (name == "PUT") return http::Method::put;
        if (name == "OPTIONS") return http::Method::options;
        if (name == "TRACE") return http::Method::trace;
        return http::Method::other;
    }
    static config::Section& add(std::vector<std::unique_ptr<config::Section>>& sections,
                                config::Section::Kind kind, const std::string& pattern) {
        sections.push_back(std::make_unique<config::Section>());
        sections.back()->kind = kind;
        sections.back()->pattern = pattern;
        return *sections.back();
    }
    static void list(const std::vector<std::unique_ptr<config::Section>>& from,
                     std::vector<const config::Section*>& into) {
        into.clear();
        for (const auto& section : from) into.push_back(section.get());
    }

    std::filesystem::path root_;
    config::Configuration configuration_;
};

inline int status_of(const std::string& answer) { return std::stoi(answer.substr(9, 3)); }
inline std::string content_of(const std::string& answer) {
    const auto end = answer.find("\r\n\r\n");
    return end == std::string::npos ? std::string() : answer.substr(end + 4);
}
// The value of a field, or "" where it is missing.
inline std::string field_of(const std::string& answer, const std::string& name) {
    const auto start = answer.find("\r\n" + name + ": ");
    if (start == std::string::npos || start > answer.find("\r\n\r\n")) return {};
    const auto value = start + name.size() + 4;
    return answer.substr(value, answer.find("\r\n", value) - value);
}

} // namespace preforkd::testing
