// What hosts inherit from the main server, and the order in which sections count.
#pragma once

#include "config/configuration.h"

namespace preforkd::config {

// Makes S of every server anew, for whoever changed server_settings after reading.
template <class S>
void merge_servers(Configuration& configuration) {
    Server& main = configuration.main_server();
    main.server_merged.merge_again<S>({}, main.server_settings);
    for (auto& server : configuration.servers)
        if (server.get() != &main)
            server->server_merged.merge_again<S>(main.server_merged, server->server_settings);
}

// The same for the last time: who says something of S takes over there what the main server says.
template <class S>
void merge_servers_for_good(Configuration& configuration) {
    Server& main = configuration.main_server();
    main.server_merged.merge_again<S>({}, main.server_settings);
    for (auto& server : configuration.servers)
        if (server.get() != &main)
            server->server_merged.merge_for_good<S>(main.server_merged, server->server_settings);
}

// Fills what is made once everything is read: merged settings, and lists of all sections.
void complete_servers(Configuration& configuration);

} // namespace preforkd::config
