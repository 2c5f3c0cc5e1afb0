// log_forensic: a line before a request is served and one after it, so that what a child died of
// can be found.
#include <atomic>
#include <cstdlib>
#include <fmt/format.h>
#include <memory>

#include "config/directive.h"
#include "modules/logging/log_target.h"
#include "modules/modules.h"
#include "os/file.h"
#include "os/process.h"
#include "pipeline/request.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;

namespace {

constexpr std::string_view id_note = "forensic-id";

// One ForensicLog.
struct ForensicLog {
    std::string target;
    config::Place place;
    UniqueFd descriptor; // made when it is opened
};

struct ForensicSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const ForensicSettings& outer) {
        if (!log) log = outer.log;
    }
    std::shared_ptr<ForensicLog> log;
};

Status set_log(ForensicSettings& settings, Arguments arguments, Invocation& invocation) {
    settings.log = std::make_shared<ForensicLog>();
    settings.log->target = arguments[0];
    settings.log->place = invocation.node.place;
    return {};
}

Status check_folders(const config::Configuration& configuration) {
    logging::LogFolders folders;
    for (const auto& server : configuration.servers) {
        const auto& log = server->of<ForensicSettings>().log;
        if (!log) continue;
        auto checked = logging::check_log_folder(folders, log->target, log->place, configuration);
        if (!checked) return checked;
    }
    return {};
}

Status open_logs(config::Configuration& configuration, LogPrograms& programs) {
    for (const auto& server : configuration.servers) {
        const auto& log = server->of<ForensicSettings>().log;
        if (!log || log->descriptor) continue;
        auto descriptor = logging::open_log_target(log->target, configuration, programs);
        if (!descriptor) return descriptor.error();
        log->descriptor = std::move(*descriptor);
    }
    return {};
}

// So that no request can look like another line, or another part of its own.
void append_escaped(std::string& line, std::string_view text) {
    for (const char c : text) {
        const bool plain = c >= ' ' && c <= '~' && c != '%' && c != ':' && c != '|';
        if (plain) line += c;
        else line += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    }
}

// What unique_id calls the request, or process, second and number.
std::string_view choose_id(Request& request) {
    static unsigned next_number = 0;
    if (const auto* id = request.find_variable("UNIQUE_ID")) return *id;
    return request.arena.copy(fmt::format("{}:{:x}:{:x}", current_process(),
                                          request.received_at / 1'000'000, next_number++));
}

// What cannot be noted must not be served.
void write_line(const Request& request, const ForensicLog& log, std::string& line) {
    line += '\n';
    if (auto written = write_whole(log.descriptor.get(), line); written) return;
    else
        request.log("log_forensic", log::Level::alert, "Error writing to " + log.target,
                    written.error().code);
    std::abort();
}

Verdict log_before(Request& request) {
    const auto* log = request.of<ForensicSettings>().log.get();
    if (!log || !log->descriptor || request.previous || request.main) return declined;
    const auto id = choose_id(request);
    request.set_note(id_note, id);
    std::string line = fmt::format("+{}|", id);
    append_escaped(line, request.head.request_line);
    const auto& fields = request.head.fields;
    for (const auto& field : fields) {
        // Several of one name are one, where the first stands.
        if (fields.find(field.name) != &field.value) continue;
        line += '|';
        append_escaped(line, field.name);
        line += ':';
        append_escaped(line, fields.combined(field.name, request.arena));
    }
    write_line(request, *log, line);
    return ok;
}

void log_after(Request& last) {
    const Request& first = last.original();
    const auto* log = first.of<ForensicSettings>().log.get();
    const auto* id = first.find_note(id_note);
    if (!log || !log->descriptor || !id) return;
    std::string line = fmt::format("-{}", *id);
    write_line(first, *log, line);
}

} // namespace

Module log_forensic_module() {
    return {
        .name = "log_forensic",
        .directives = {{"ForensicLog", config::Shape::one,
                        config::server_config | config::virtual_host, config::override_none,
                        config::edits<set_log>, "the filename of the forensic log"}},
        .settings = {config::settings_type<ForensicSettings>()},
        .hooks = {.check_config = check_folders,
                  .open_logs = open_logs,
                  .read_request = log_before,
                  .log_transaction = log_after},
    };
}

} // namespace preforkd
