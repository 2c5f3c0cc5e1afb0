#include "config/merge_servers.h"

namespace preforkd::config {

void merge_servers(Configuration& configuration) {
    Server& main = configuration.main_server();
    main.server_merged = MergedSettings{}.with(main.server_settings);
    for (auto& server : configuration.servers)
        if (server.get() != &main)
            server->server_merged = main.server_merged.with(server->server_settings);
}

} // namespace preforkd::config
