// slow_request: a line for each request that took long (not Apache's).
#include <memory>

#include "base/text.h"
#include "modules/logging/log_format.h"
#include "modules/logging/log_target.h"
#include "modules/modules.h"
#include "modules/server/arguments.h"
#include "os/file.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;

namespace {

// Time, process, milliseconds, client, host, status, bytes, request line, handler.
constexpr std::string_view line_format = "%t %P %{ms}T %a %v:%{local}p %>s %O \"%r\" %R";
constexpr Duration usual_patience = std::chrono::seconds(5);

// One SlowRequestLog.
struct SlowRequestLog {
    std::string target; // empty: none, whatever the main server has
    Duration least = usual_patience;
    config::Place place;

    // Made when it is opened.
    std::optional<logging::LogFormat> format;
    UniqueFd descriptor;
};

struct SlowRequestSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const SlowRequestSettings& outer) {
        if (!log) log = outer.log;
    }
    std::shared_ptr<SlowRequestLog> log;
};

Status set_log(SlowRequestSettings& settings, Arguments arguments, Invocation& invocation) {
    auto log = std::make_shared<SlowRequestLog>();
    log->place = invocation.node.place;
    if (!iequals(arguments[0], "none")) log->target = arguments[0];
    if (arguments.size() > 1) {
        const auto least = parse_duration(arguments[1]);
        if (!least || least->count() < 0)
            return Error{"SlowRequestLog takes a duration: seconds, or a number with a unit"};
        log->least = *least;
    }
    settings.log = std::move(log);
    return {};
}

Status check_folders(const config::Configuration& configuration) {
    logging::LogFolders folders;
    for (const auto& server : configuration.servers) {
        const auto& log = server->of<SlowRequestSettings>().log;
        if (!log || log->target.empty()) continue;
        auto checked = logging::check_log_folder(folders, log->target, log->place, configuration);
        if (!checked) return checked;
    }
    return {};
}

// Hosts may share one.
Status open_once(SlowRequestLog& log, const config::Configuration& configuration,
                 LogPrograms& programs) {
    if (log.descriptor || log.target.empty()) return {};
    auto format = logging::LogFormat::compile(line_format);
    if (!format) return format.error();
    auto descriptor = logging::open_log_target(log.target, configuration, programs);
    if (!descriptor) return descriptor.error();
    log.format = std::move(*format);
    log.descriptor = std::move(*descriptor);
    return {};
}

Status open_logs(config::Configuration& configuration, LogPrograms& programs) {
    for (const auto& server : configuration.servers) {
        const auto& log = server->of<SlowRequestSettings>().log;
        if (!log) continue;
        if (auto opened = open_once(*log, configuration, programs); !opened) return opened;
    }
    return {};
}

void write_line(const SlowRequestLog& log, logging::Transaction& transaction) {
    static logging::LineBuffer line;
    line.clear();
    log.format->render(line, transaction);
    if (auto written = write_whole(log.descriptor.get(), line.text()); !written)
        transaction.last.log("slow_request", log::Level::warn, "Error writing to " + log.target,
                             written.error().code);
}

void log_transaction(Request& last) {
    const auto* log = last.of<SlowRequestSettings>().log.get();
    if (!log || !log->descriptor) return;
    logging::Transaction transaction(last);
    if (transaction.elapsed() >= log->least) write_line(*log, transaction);
}

} // namespace

Module slow_request_module() {
    return {
        .name = "slow_request",
        .built_in = true,
        .directives = {{"SlowRequestLog", config::Shape::one_or_two,
                        config::server_config | config::virtual_host, config::override_none,
                        config::edits<set_log>,
                        "the file or program that slow requests are logged to, and from how many "
                        "seconds on"}},
        .settings = {config::settings_type<SlowRequestSettings>()},
        .hooks = {.check_config = check_folders,
                  .open_logs = open_logs,
                  .log_transaction = log_transaction},
    };
}

} // namespace preforkd
