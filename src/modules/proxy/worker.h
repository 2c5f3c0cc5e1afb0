// A server behind this one, as the configuration names it (Apache: a worker).
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "modules/proxy/backend_url.h"
#include "os/deadline.h"

namespace preforkd::proxy {

// What an administrator, or a failure, says of a worker. Combine with |.
enum WorkerStatus : unsigned {
    worker_ignores_errors = 1, // I: never taken out for a failure
    worker_drains = 2,         // N: only for sessions that are there already
    worker_stopped = 4,        // S
    worker_disabled = 8,       // D
    worker_failed = 16,        // E: a connection to it failed
    worker_hot_standby = 32,   // H: where no other is left
    worker_hot_spare = 64,     // R: in the place of one that is gone
};

// What all children know of a worker, in memory that they share. Zeroed at first.
struct WorkerState {
    std::atomic<unsigned> status;
    std::atomic<std::int64_t> failed_at; // microseconds since 1970
    std::atomic<std::int64_t> load;      // what has been given to it, against what is its share
    std::atomic<unsigned> busy;          // requests at this moment
    std::atomic<std::uint64_t> elected;
    std::atomic<std::uint64_t> sent;     // bytes
    std::atomic<std::uint64_t> received; // bytes
};

struct Worker {
    std::string name; // the URL, as far as it names it: "http://127.0.0.1:8080/app"
    BackendUrl url;

    // key=value of ProxyPass, ProxySet and BalancerMember.
    std::optional<Duration> timeout, connection_timeout, time_to_live;
    std::optional<bool> disables_reuse;
    bool keep_alive = false;     // the system's, of idle connections
    std::optional<bool> flushes; // flushpackets: each piece, none; when the server waits
    int receive_buffer = 0;      // bytes; 0 for the system's choice
    std::string upgrade;         // upgrade=: which protocols may take over; "" for none
    Duration retry = std::chrono::seconds(60); // how long it is left alone after a failure
    int load_factor = 100;                     // hundredths
    int set = 0;                               // lbset
    std::string route, redirect;
    unsigned status = 0; // as said

    bool reuses = true; // its connections serve further requests
    bool keeps_connections() const { return disables_reuse ? !*disables_reuse : reuses; }

    WorkerState* state = nullptr; // none before the server starts, and for what nobody has defined
};

// Whether what is said to it is encrypted.
bool speaks_tls(const Worker& worker);

// The URL of a path at this server, with one slash between them.
std::string_view url_at(const Worker& worker, std::string_view path, Arena& arena);

// Fails with the words that stand behind the directive's name.
Status set_parameter(Worker& worker, std::string_view key, const std::string& value);

// Failed lately, stopped, or disabled: nothing is to be sent there now. One whose time has come is
// tried again.
bool is_usable(const Worker& worker);
// A connection to it could not be made, or was; answers whether it is left alone from now on.
bool note_failure(const Worker& worker);
void note_success(const Worker& worker);

} // namespace preforkd::proxy
