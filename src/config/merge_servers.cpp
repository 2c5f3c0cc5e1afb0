#include "config/merge_servers.h"

#include <algorithm>

namespace preforkd::config {

namespace {

using Owned = std::vector<std::unique_ptr<Section>>;
using Listed = std::vector<const Section*>;

void append(Listed& list, const Owned& sections) {
    for (const auto& section : sections) list.push_back(section.get());
}

// Plain names and patterns from the root downwards, then regular expressions, those with fewer
// slashes first.
bool counts_before(const Section* a, const Section* b) {
    if (a->regex.has_value() != b->regex.has_value()) return b->regex.has_value();
    return a->depth < b->depth;
}

void list_sections(Server& server, const Server& main) {
    if (&server != &main) {
        append(server.all_directories, main.directories);
        append(server.all_proxies, main.proxies);
        append(server.all_files, main.files);
        append(server.all_locations, main.locations);
        append(server.all_ifs, main.ifs);
    }
    append(server.all_directories, server.directories);
    append(server.all_proxies, server.proxies);
    append(server.all_files, server.files);
    append(server.all_locations, server.locations);
    append(server.all_ifs, server.ifs);
    std::stable_sort(server.all_directories.begin(), server.all_directories.end(), counts_before);
}

} // namespace

void complete_servers(Configuration& configuration) {
    Server& main = configuration.main_server();
    main.server_merged = MergedSettings{}.with(main.server_settings);
    main.directory_merged = MergedSettings{}.with(main.directory_settings);
    for (auto& server : configuration.servers) {
        if (server.get() != &main) {
            server->server_merged = main.server_merged.with(server->server_settings);
            server->directory_merged = main.directory_merged.with(server->directory_settings);
        }
        list_sections(*server, main);
    }
}

} // namespace preforkd::config
