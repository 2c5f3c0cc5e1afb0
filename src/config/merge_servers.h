// What hosts inherit from the main server, and the order in which sections count.
#pragma once

#include "config/configuration.h"

namespace preforkd::config {

// Whether S is merged for the last time: a host that says something of it takes over there what the
// main server says, so that there is one S and not two.
enum class Merging : bool { once_more, for_good };

// Makes S of every server anew, for whoever changed server_settings after reading.
template <class S>
void merge_servers(Configuration& configuration, Merging merging = Merging::once_more) {
    Server& main = configuration.main_server();
    main.server_merged.merge_again<S>({}, main.server_settings);
    for (auto& server : configuration.servers) {
        if (server.get() == &main) continue;
        auto& merged = server->server_merged;
        if (merging == Merging::for_good)
            merged.merge_for_good<S>(main.server_merged, server->server_settings);
        else merged.merge_again<S>(main.server_merged, server->server_settings);
    }
}

// Fills what is made once everything is read: merged settings, and lists of all sections.
void complete_servers(Configuration& configuration);

} // namespace preforkd::config
