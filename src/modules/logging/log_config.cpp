// log_config: the access log. One line for each request, in formats that LogFormat describes.
#include "base/text.h"
#include "config/directive.h"
#include "modules/logging/buffered_lines.h"
#include "modules/logging/log_settings.h"
#include "modules/modules.h"
#include "os/file.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace logging {

bool AccessLog::Condition::holds(Request& first) const {
    if (expression) return expression->holds_or_logs(first, "log_config");
    return (first.find_variable(variable) == nullptr) == without_variable;
}

void AccessLogSettings::inherit_from(const AccessLogSettings& outer) {
    const bool has_own = !logs.empty();
    for (const auto& log : outer.logs)
        if (!has_own || log->for_every_host) logs.push_back(log);
    if (!formats) formats = outer.formats;
    else if (outer.formats) {
        auto merged = *formats;
        merged.insert(outer.formats->begin(), outer.formats->end());
        formats = std::make_shared<const Formats>(std::move(merged));
    }
    config::inherit(usual_format, outer.usual_format);
}

} // namespace logging

namespace {

using logging::AccessLog;
using logging::AccessLogSettings;
using logging::LogFormat;

Status check_format(const std::string& format) {
    auto compiled = LogFormat::compile(format);
    return compiled ? Status() : compiled.error();
}

Status set_format(AccessLogSettings& settings, Arguments arguments) {
    if (auto checked = check_format(arguments[0]); !checked) return checked;
    if (arguments.size() > 1) settings.name_format(lower(arguments[1]), arguments[0]);
    else settings.usual_format = arguments[0];
    return {};
}

Result<AccessLog::Condition> parse_condition(std::string_view clause,
                                             const config::Configuration& configuration) {
    AccessLog::Condition condition;
    if (istarts_with(clause, "expr=")) {
        if (clause.size() == 5) return Error{"missing condition"};
        auto expression =
            Expression::condition(clause.substr(5), configuration, Expression::Vary::silent);
        if (!expression) return expression.error();
        condition.expression = std::move(*expression);
        return condition;
    }
    if (!istarts_with(clause, "env=")) return Error{"error in condition clause"};
    clause.remove_prefix(4);
    condition.without_variable = clause.starts_with('!');
    if (condition.without_variable) clause.remove_prefix(1);
    if (clause.empty()) return Error{"missing environment variable name"};
    condition.variable = clause;
    return condition;
}

Status add_log(AccessLogSettings& settings, Arguments arguments, Invocation& invocation) {
    auto log = std::make_shared<AccessLog>();
    log->target = arguments[0];
    log->place = invocation.node.place;
    if (arguments.size() > 1) {
        if (auto checked = check_format(arguments[1]); !checked) return checked;
        log->format = arguments[1];
    }
    if (arguments.size() > 2) {
        auto condition = parse_condition(arguments[2], invocation.configuration);
        if (!condition) return condition.error();
        log->condition = std::make_unique<const AccessLog::Condition>(std::move(*condition));
    }
    settings.logs.push_back(std::move(log));
    return {};
}

Status add_global_log(AccessLogSettings& settings, Arguments arguments, Invocation& invocation) {
    if (auto added = add_log(settings, arguments, invocation); !added) return added;
    settings.logs.back()->for_every_host = true;
    return {};
}

Status set_buffered(Invocation& invocation, Arguments arguments) {
    auto& main = invocation.configuration.main_server().server_settings;
    main.edit<AccessLogSettings>().buffered = config::is_on(arguments[0]);
    return {};
}

void begin_child(const config::Configuration& configuration) {
    if (configuration.main_server().of<AccessLogSettings>().buffered.value_or(false))
        logging::begin_buffering(logging::count_of_logs(configuration));
}

Status write_line(const AccessLog& log, std::string_view line) {
    if (!logging::is_buffering()) return write_whole(log.descriptor->get(), line);
    return logging::keep_line(log.number, log.descriptor->get(), line);
}

// The line is made in memory that this child uses for nothing else, and written once.
void log_transaction(Request& last) {
    static logging::LineBuffer line;
    logging::Transaction transaction(last);
    const auto& settings = last.of<AccessLogSettings>();
    for (const auto& log : settings.logs) {
        if (log->condition && !log->condition->holds(transaction.first)) continue;
        line.clear();
        (log->compiled ? *log->compiled : *settings.usual).render(line, transaction);
        if (auto written = write_line(*log, line.text()); !written)
            last.log("log_config", log::Level::warn, "AH00646: Error writing to " + log->target,
                     written.error().code);
    }
}

std::vector<config::Directive> directives() {
    constexpr unsigned in_servers = config::server_config | config::virtual_host;
    return {
        {"CustomLog", Shape::two_or_three, in_servers, config::override_none,
         config::edits<add_log>,
         "a file name, a custom log format string or format name, and an optional \"env=\" or "
         "\"expr=\" clause (see docs)"},
        {"GlobalLog", Shape::two_or_three, config::server_config, config::override_none,
         config::edits<add_global_log>,
         "Same as CustomLog, but forces virtualhosts to inherit the log"},
        {"TransferLog", Shape::one, in_servers, config::override_none, config::edits<add_log>,
         "the filename of the access log"},
        {"LogFormat", Shape::one_or_two, in_servers, config::override_none,
         config::edits<set_format>, "a log format string (see docs) and an optional format name"},
        {"BufferedLogs", Shape::flag, in_servers, config::override_none, set_buffered,
         "Enable Buffered Logging (experimental)"},
    };
}

} // namespace

Module log_config_module() {
    return {
        .name = "log_config",
        .built_in = true,
        .directives = directives(),
        .settings = {config::settings_type<AccessLogSettings>()},
        .hooks = {.check_config = logging::check_log_folders,
                  .open_logs = logging::open_access_logs,
                  .child_init = begin_child,
                  .child_exit = logging::write_kept_lines,
                  .log_transaction = log_transaction},
    };
}

} // namespace preforkd
