// What the main server says of processes: listeners, pool, user, files (Apache: prefork,
// mpm_common, unixd, core). modules/server/ fills it; control/ and child/ obey it.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/settings.h"
#include "config/syntax_tree.h"
#include "os/deadline.h"

namespace preforkd::config {

// One Listen line.
struct ListenAddress {
    std::string host; // numeric, empty for any address
    unsigned short port = 80;
    std::string protocol; // "https", or empty
    Place place;
    // "options=freebind,reuseport,v6only,multipathtcp"
    bool before_address_exists = false, shares_port = false, ipv6_only = false, multipath = false;
    friend bool operator==(const ListenAddress& a, const ListenAddress& b) {
        return a.host == b.host && a.port == b.port;
    }
};

// Mutex for one name or "default".
struct MutexChoice {
    std::string mechanism = "default"; // pthread, fcntl, flock, posixsem, sysvsem, none…
    std::string path;
    bool omits_pid = false; // OmitPID, which only a dump of the settings shows
};

struct ProcessSettings {
    static constexpr Scope scope = Scope::server;
    void inherit_from(const ProcessSettings&) {} // only the main server has one

    std::vector<ListenAddress> listen;
    int listen_backlog = 511;
    int listen_cores_buckets_ratio = 0; // 0: one bucket
    int start_servers = 5;
    int min_spare_servers = 5;
    int max_spare_servers = 10;
    int server_limit = 256;
    int max_request_workers = 256;
    bool max_request_workers_was_set = false;
    int max_connections_per_child = 0; // 0: never
    int max_connections_per_child_jitter = 0;
    std::size_t max_memory_per_child = 0;    // bytes, 0: no limit
    std::size_t max_mem_free = 2048u * 1024; // bytes, 0: no limit
    int graceful_shutdown_timeout = 0;       // seconds, 0: no limit
    Duration busy_timeout{};                 // BusyTimeout, 0: none
    std::string user = "#-1";                // User, as it was written
    std::string group = "#-1";
    std::string pid_file;    // absolute after reading
    std::string runtime_dir; // DefaultRuntimeDir, absolute
    std::string core_dump_directory;
    bool exception_hook = false;   // EnableExceptionHook
    std::string scoreboard_file;   // absolute after reading; empty: the scoreboard has no name
    std::string chroot_dir;        // empty: none
    bool no_new_privileges = true; // NoNewPrivileges
    std::string error_log = "logs/error_log"; // of the main server: file, "|program" or "syslog"
    MutexChoice accept_mutex; // after reading: default_mutex where nothing was said of it
    bool accept_mutex_was_set = false;
    MutexChoice default_mutex; // "Mutex … default"
    // Of Apache's other mutexes, in whose place there are other means: for a dump of the settings.
    std::map<std::string, MutexChoice, std::less<>> other_mutexes;
    // AcceptFilter: protocols, in lower case, whose connections wait for their first bytes.
    std::set<std::string> deferred_protocols{"http", "https"};
    int defer_accept = 30;    // ListenTCPDeferAccept: seconds that they may wait
    int send_buffer_size = 0; // 0: the system's
    int receive_buffer_size = 0;
    std::optional<bool> extended_status; // after reading: On where mod_status is
    bool see_request_tail = false;       // SeeRequestTail
};

} // namespace preforkd::config
