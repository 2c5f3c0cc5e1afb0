// The page for people: Apache's, so that what scrapes it goes on working.
#include <fmt/format.h>

#include "base/text.h"
#include "modules/content/status/number_text.h"
#include "modules/content/status/status_text.h"

namespace preforkd::status {

namespace {

constexpr std::size_t letters_per_line = 64;
constexpr float bytes_per_megabyte = 1024 * 1024;

constexpr std::string_view beginning =
    "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\" "
    "\"http://www.w3.org/TR/html4/strict.dtd\">\n"
    "<html><head>\n<title>Apache Status</title>\n</head><body>\n";

constexpr std::string_view letters_key =
    "<p>Scoreboard Key:<br />\n"
    "\"<b><code>_</code></b>\" Waiting for Connection, \n"
    "\"<b><code>S</code></b>\" Starting up, \n"
    "\"<b><code>R</code></b>\" Reading Request,<br />\n"
    "\"<b><code>W</code></b>\" Sending Reply, \n"
    "\"<b><code>K</code></b>\" Keepalive (read), \n"
    "\"<b><code>D</code></b>\" DNS Lookup,<br />\n"
    "\"<b><code>C</code></b>\" Closing connection, \n"
    "\"<b><code>L</code></b>\" Logging, \n"
    "\"<b><code>G</code></b>\" Gracefully finishing,<br /> \n"
    "\"<b><code>I</code></b>\" Idle cleanup of worker, \n"
    "\"<b><code>.</code></b>\" Open slot with no current process<br />\n"
    "</p>\n";

constexpr std::string_view table_head =
    "\n\n<table border=\"0\"><tr><th>Srv</th><th>PID</th><th>Acc</th><th>M</th><th>CPU\n</th>"
    "<th>SS</th><th>Req</th><th>Dur</th><th>Conn</th><th>Child</th><th>Slot</th><th>Client</th>"
    "<th>Protocol</th><th>VHost</th><th>Request</th></tr>\n\n";

constexpr std::string_view table_key =
    "</table>\n <hr /> <table>\n"
    " <tr><th>Srv</th><td>Child Server number - generation</td></tr>\n"
    " <tr><th>PID</th><td>OS process ID</td></tr>\n"
    " <tr><th>Acc</th><td>Number of accesses this connection / this child / this slot</td></tr>\n"
    " <tr><th>M</th><td>Mode of operation</td></tr>\n"
    "<tr><th>CPU</th><td>CPU usage, number of seconds</td></tr>\n"
    "<tr><th>SS</th><td>Seconds since beginning of most recent request</td></tr>\n"
    " <tr><th>Req</th><td>Milliseconds required to process most recent request</td></tr>\n"
    " <tr><th>Dur</th><td>Sum of milliseconds required to process all requests</td></tr>\n"
    " <tr><th>Conn</th><td>Kilobytes transferred this connection</td></tr>\n"
    " <tr><th>Child</th><td>Megabytes transferred this child</td></tr>\n"
    " <tr><th>Slot</th><td>Total megabytes transferred this slot</td></tr>\n"
    " </table>\n";

constexpr std::string_view no_details =
    "<hr />To obtain a full report with current status information you need to use the "
    "<code>ExtendedStatus On</code> directive.\n";

// As much of a request's first line as fits into Apache's scoreboard.
std::string_view line_of(const SlotNumbers& slot, const Surroundings& surroundings) {
    constexpr std::size_t longest = 63;
    const std::string_view line = slot.request;
    const auto excess = line.size() > longest ? line.size() - longest : 0;
    return line.substr(surroundings.see_request_tail ? excess : 0, longest);
}

std::string facts_text(const PoolNumbers& pool, const Surroundings& surroundings) {
    return fmt::format(
        "<h1>Apache Server Status for {} (via {})</h1>\n\n"
        "<dl><dt>Server Version: {}</dt>\n<dt>Server MPM: prefork</dt>\n<dt>Server Built: {}\n"
        "</dt></dl><hr /><dl>\n<dt>Current Time: {}</dt>\n<dt>Restart Time: {}</dt>\n"
        "<dt>Parent Server Config. Generation: {}</dt>\n"
        "<dt>Parent Server MPM Generation: {}</dt>\n<dt>Server uptime: {}</dt>\n"
        "<dt>Server load: {:.2f} {:.2f} {:.2f}</dt>\n",
        escape_html(surroundings.server_name), surroundings.local_ip, surroundings.server_version,
        server_built(), time_text(pool.now), time_text(pool.restarted), pool.generation + 1,
        pool.generation, uptime_text(pool.uptime), surroundings.loads[0], surroundings.loads[1],
        surroundings.loads[2]);
}

std::string rates_text(const PoolNumbers& pool) {
    const float bytes = bytes_per_kilobyte * static_cast<float>(pool.bytes / 1024);
    const auto requests = static_cast<float>(pool.requests);
    const auto seconds = static_cast<float>(pool.uptime);
    std::string text = "<dt>";
    if (pool.uptime > 0)
        text += fmt::format("{} requests/sec - {}/second", number_text(requests / seconds, 3),
                            bytes_text(static_cast<std::uint64_t>(bytes / seconds)));
    if (pool.uptime > 0 && pool.requests > 0) text += " - ";
    if (pool.requests > 0)
        text += fmt::format("{}/request - {} ms/request",
                            bytes_text(static_cast<std::uint64_t>(bytes / requests)),
                            number_text(static_cast<float>(pool.duration) / requests));
    return text + "</dt>\n";
}

std::string totals_rows(const PoolNumbers& pool, const Surroundings& surroundings) {
    std::string text =
        fmt::format("<dt>Total accesses: {} - Total Traffic: {} - Total Duration: {}</dt>\n"
                    "<dt>CPU Usage: u{} s{} cu0 cs0",
                    pool.requests, kilobytes_text(pool.bytes / 1024), pool.duration,
                    number_text(surroundings.seconds_of(pool.cpu_user_ticks)),
                    number_text(surroundings.seconds_of(pool.cpu_system_ticks)));
    if (const double load = cpu_load(pool, surroundings); load > 0)
        text += fmt::format(" - {}% CPU load", number_text(load, 3));
    return text + "</dt>\n" + rates_text(pool);
}

std::string letters_text(const std::string& letters) {
    std::string text = "<pre>";
    for (std::size_t i = 0; i < letters.size(); ++i) {
        text += letters[i];
        if ((i + 1) % letters_per_line == 0) text += '\n';
    }
    return text + "</pre>\n";
}

std::string pids_text(const PoolNumbers& pool) {
    std::string text = "PID Key: <br />\n<pre>\n";
    int in_line = 0;
    for (const auto& slot : pool.slots) {
        if (slot.state == pool::ChildState::dead) continue;
        text += fmt::format("   {} in state: {} ", slot.pid, pool::letter_of(slot.state));
        in_line = (in_line + 1) % 3;
        text += in_line == 0 ? '\n' : ',';
    }
    return text + "\n</pre>\n";
}

std::string_view words_for(pool::ChildState state) {
    using pool::ChildState;
    switch (state) {
    case ChildState::ready: return "Ready";
    case ChildState::starting: return "Starting";
    case ChildState::reading: return "<b>Read</b>";
    case ChildState::writing: return "<b>Write</b>";
    case ChildState::keepalive: return "<b>Keepalive</b>";
    case ChildState::logging: return "<b>Logging</b>";
    case ChildState::dns: return "<b>DNS lookup</b>";
    case ChildState::closing: return "<b>Closing</b>";
    case ChildState::dead: return "Dead";
    case ChildState::graceful: return "Graceful";
    case ChildState::idle_kill: return "Dying";
    }
    return "?STATE?";
}

std::string letter_cell(pool::ChildState state) {
    const char letter = pool::letter_of(state);
    const bool is_bold = std::string_view("SRWKLDC").find(letter) != std::string_view::npos;
    return is_bold ? fmt::format("<b>{}</b>", letter) : std::string(1, letter);
}

std::string pid_text(const SlotNumbers& slot) {
    return slot.state == pool::ChildState::dead ? "-" : std::to_string(slot.pid);
}

std::string row_text(const SlotNumbers& slot, const Surroundings& surroundings) {
    return fmt::format(
        "<tr><td><b>{}-{}</b></td><td>{}</td><td>{}/{}/{}</td><td>{}\n</td><td>{:.2f}</td>"
        "<td>{}</td><td>{}</td><td>{}</td><td>{:.1f}</td><td>{:.2f}</td><td>{:.2f}\n</td>"
        "<td>{}</td><td>http/1.1</td><td nowrap>{}</td><td nowrap>{}</td></tr>\n\n",
        slot.number, slot.generation, pid_text(slot), slot.connection_requests, slot.child_requests,
        slot.requests, letter_cell(slot.state),
        surroundings.seconds_of(slot.cpu_user_ticks + slot.cpu_system_ticks),
        slot.seconds_since_request, slot.last_duration, slot.total_duration,
        static_cast<float>(slot.connection_bytes) / bytes_per_kilobyte,
        static_cast<float>(slot.child_bytes) / bytes_per_megabyte,
        static_cast<float>(slot.bytes) / bytes_per_megabyte, shown(slot.client), shown(slot.server),
        shown(line_of(slot, surroundings)));
}

std::string lines_text(const SlotNumbers& slot, const Surroundings& surroundings) {
    return fmt::format("<b>Server {}-{}</b> ({}): {}|{}|{} [{}] u{} s{} cu0 cs0\n"
                       " {} {} {}({}|{}|{})\n"
                       " <i>{} {{{}}}</i> <i>(http/1.1)</i> <b>[{}]</b><br />\n\n",
                       slot.number, slot.generation, pid_text(slot), slot.connection_requests,
                       slot.child_requests, slot.requests, words_for(slot.state),
                       number_text(surroundings.seconds_of(slot.cpu_user_ticks)),
                       number_text(surroundings.seconds_of(slot.cpu_system_ticks)),
                       slot.seconds_since_request, slot.last_duration, slot.total_duration,
                       bytes_text(slot.connection_bytes), bytes_text(slot.child_bytes),
                       bytes_text(slot.bytes), shown(slot.client),
                       shown(line_of(slot, surroundings)), shown(slot.server));
}

// Apache has no such thing: nothing is there where no module has said anything.
std::string notes_text(const PoolNumbers& pool) {
    std::string rows;
    for (const auto& slot : pool.slots)
        if (!slot.note.empty() && slot.state != pool::ChildState::dead)
            rows += fmt::format("<tr><td><b>{}-{}</b></td><td>{}</td><td>{}</td></tr>\n",
                                slot.number, slot.generation, slot.pid, escape_html(slot.note));
    if (rows.empty()) return {};
    return "<hr /><h2>Notes of modules</h2>\n<table border=\"0\"><tr><th>Srv</th><th>PID</th>"
           "<th>Note</th></tr>\n" +
           rows + "</table>\n";
}

std::string details_text(const PoolNumbers& pool, const Surroundings& surroundings, bool as_table) {
    std::string text(as_table ? table_head : "<hr /><h2>Server Details</h2>\n\n");
    for (const auto& slot : pool.slots) {
        if (!slot.has_story()) continue;
        text += as_table ? row_text(slot, surroundings) : lines_text(slot, surroundings);
    }
    if (as_table) text += table_key;
    return text + notes_text(pool);
}

} // namespace

std::string page_text(const PoolNumbers& pool, const Surroundings& surroundings, bool as_table) {
    std::string text(beginning);
    text += facts_text(pool, surroundings);
    if (pool.extended) text += totals_rows(pool, surroundings);
    text += fmt::format("<dt>{} requests currently being processed, {} workers gracefully "
                        "restarting, {} idle workers</dt>\n</dl>",
                        pool.busy, pool.graceful, pool.idle);
    text += letters_text(pool.letters);
    text += letters_key;
    text += pool.extended ? details_text(pool, surroundings, as_table)
                          : pids_text(pool) + std::string(no_details);
    if (surroundings.tls_sessions) text += tls_page_text(*surroundings.tls_sessions);
    text += surroundings.signature;
    return text + "</body></html>\n";
}

} // namespace preforkd::status
