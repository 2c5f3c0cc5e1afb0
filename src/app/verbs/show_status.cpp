#include "app/verbs/show_status.h"

#include <cstdlib>
#include <fmt/format.h>

#include "app/memory/pool_memory.h"
#include "app/memory/size_text.h"
#include "app/process_table.h"
#include "app/running_server.h"
#include "app/verbs/page_fetch.h"
#include "app/verbs/status_text.h"
#include "config/process_settings.h"

namespace preforkd {

namespace {

using config::ProcessSettings;

constexpr Duration patience = std::chrono::seconds(5);

constexpr std::string_view how_to_enable = "    LoadModule status_module modules/mod_status.so\n"
                                           "    <Location \"/server-status\">\n"
                                           "        SetHandler server-status\n"
                                           "        Require local\n"
                                           "    </Location>\n";

// STATUSURL as apachectl has it, APACHE_STATUSURL as Debian's envvars name it.
const char* asked_url() {
    const char* url = std::getenv("STATUSURL");
    return url && *url ? url : std::getenv("APACHE_STATUSURL");
}

Result<PageAddress> find_status_page(const ProcessSettings& settings) {
    if (const char* url = asked_url(); url && *url) {
        if (auto page = parse_page_address(url)) return std::move(*page);
        return Error{fmt::format("STATUSURL is {}, which is not a URL of http", url)};
    }
    if (auto page = status_page_of(settings.listen)) return std::move(*page);
    return Error{"no Listen line speaks http: set STATUSURL"};
}

std::string reason_against(const PageAddress& page, int status) {
    if (status == 401 || status == 403)
        return fmt::format("{} is denied ({}): allow it to this machine with 'Require local'",
                           page.text(), status);
    if (status == 404)
        return fmt::format("{} is not there (404); the configuration needs\n{}", page.text(),
                           how_to_enable);
    return fmt::format("{} answered {}; a status page needs\n{}", page.text(), status,
                       how_to_enable);
}

// The values of ?auto, or why there are none.
Result<StatusValues> fetch_values(const PageAddress& page) {
    const auto fetched = fetch_page(page, "?auto", patience);
    if (!fetched) return Error{page.text() + " cannot be reached: " + fetched.error().what};
    if (fetched->status != 200) return Error{reason_against(page, fetched->status)};
    auto values = parse_status_values(fetched->content);
    if (values.find("Scoreboard") == values.end())
        return Error{fmt::format("{} is no status page; it needs\n{}", page.text(), how_to_enable)};
    return values;
}

void show_page(const PageAddress& page, const StatusValues& values, bool every_child) {
    fmt::print("\n{}", status_summary(values));
    if (!every_child) return;
    const auto fetched = fetch_page(page, "?json", patience);
    const auto slots = fetched ? parse_slots(fetched->content) : std::vector<StatusValues>();
    if (!slots.empty()) fmt::print("\n{}", slot_lines(slots));
}

std::string duration_text(std::int64_t seconds) {
    return fmt::format("{} d {:02}:{:02}:{:02}", seconds / 86400, seconds / 3600 % 24,
                       seconds / 60 % 60, seconds % 60);
}

void show_children(pid_t control) {
    fmt::print("\n{:>8} {:>15} {:>12}\n", "PID", "Uptime", "Memory");
    for (const pid_t pid : serving_children(control)) {
        const auto process = find_process(pid);
        const auto memory = measure_process(pid);
        if (!process || !memory) continue;
        fmt::print("{:>8} {:>15} {:>12}\n", pid, duration_text(seconds_alive(*process)),
                   size_text(memory->size()));
    }
}

void show_processes(pid_t control, bool every_child) {
    const auto process = find_process(control);
    const PoolMemory pool = measure_pool(control);
    fmt::print("\nFrom the process table:\nServer uptime: {}\n",
               duration_text(process ? seconds_alive(*process) : 0));
    fmt::print("{} children, {} together ({})\n", pool.sizes.size(), size_text(pool.total()),
               pool.exact ? "PSS + page tables" : "anonymous memory + page tables");
    if (every_child) show_children(control);
}

} // namespace

int show_status(const config::Configuration& configuration, bool every_child) {
    const auto& settings = configuration.main_server().of<ProcessSettings>();
    const RunningServer server = find_running_server(settings.pid_file);
    if (!server.exists) {
        fmt::print("preforkd is not running\n");
        return 3;
    }
    fmt::print("preforkd is running (pid {})\n", server.pid);
    std::fflush(stdout);
    const auto page = find_status_page(settings);
    const auto values = page ? fetch_values(*page) : Result<StatusValues>(page.error());
    if (values) {
        show_page(*page, *values, every_child);
        return 0;
    }
    fmt::print(stderr, "preforkctl: {}\n", values.error().what);
    show_processes(server.pid, every_child);
    return 0;
}

} // namespace preforkd
