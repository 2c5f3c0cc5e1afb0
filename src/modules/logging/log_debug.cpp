// log_debug: messages in the error log, at chosen moments of a request (LogMessage).
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "config/directive.h"
#include "modules/entries.h"
#include "modules/modules.h"
#include "pipeline/expression/expression.h"
#include "pipeline/request.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;

namespace {

// When a message is written. The names are Apache's.
enum class Moment : unsigned char {
    log_transaction,
    quick_handler,
    type_checker,
    translate_name,
    map_to_storage,
    check_access,
    check_access_ex,
    insert_filter,
    check_authn,
    check_authz,
    fixups,
    handler,
    all,
};

constexpr std::array<std::string_view, 13> moment_names{"log_transaction",
                                                        "quick_handler",
                                                        "type_checker",
                                                        "translate_name",
                                                        "map_to_storage",
                                                        "check_access",
                                                        "check_access_ex",
                                                        "insert_filter",
                                                        "check_authn",
                                                        "check_authz",
                                                        "fixups",
                                                        "handler",
                                                        "all"};

struct Message {
    Expression text;
    std::optional<Expression> condition;
    Moment moment = Moment::log_transaction;
};

struct LogDebugSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const LogDebugSettings& outer) { messages.prepend(outer.messages); }
    Entries<Message> messages;
};

Status set_moment(Message& message, std::string_view name) {
    for (std::size_t i = 0; i < moment_names.size(); ++i) {
        if (!iequals(moment_names[i], name)) continue;
        message.moment = static_cast<Moment>(i);
        return {};
    }
    return Error{fmt::format("Invalid hook name: {}", name)};
}

Status set_condition(Message& message, std::string_view text, const Invocation& invocation) {
    auto condition =
        Expression::condition(text, invocation.configuration, Expression::Vary::silent);
    if (!condition)
        return Error{
            fmt::format("Could not parse expression '{}': {}", text, condition.error().what)};
    message.condition = std::move(*condition);
    return {};
}

Status add_message(LogDebugSettings& settings, Arguments arguments, Invocation& invocation) {
    auto text = Expression::text(arguments[0], invocation.configuration);
    if (!text)
        return Error{fmt::format("Could not parse message expression '{}': {}", arguments[0],
                                 text.error().what)};
    Message message{std::move(*text), {}};
    for (const std::string_view word : arguments.subspan(1)) {
        Status read = Error{fmt::format("Invalid argument {}", word)};
        if (istarts_with(word, "hook=")) read = set_moment(message, word.substr(5));
        else if (istarts_with(word, "expr="))
            read = set_condition(message, word.substr(5), invocation);
        if (!read) return read;
    }
    settings.messages.add(std::move(message));
    return {};
}

void write(Request& request, Moment moment) {
    for (const auto* message : request.of<LogDebugSettings>().messages) {
        if (message->moment != moment && message->moment != Moment::all) continue;
        if (message->condition && !message->condition->holds_or_logs(request, "log_debug"))
            continue;
        request.log("log_debug", log::Level::info,
                    message->text.text_or_logs(request, "log_debug"));
    }
}

template <Moment moment>
Verdict write_at(Request& request) {
    write(request, moment);
    return declined;
}

Verdict write_access(Request& request) {
    write(request, Moment::check_access);
    write(request, Moment::check_access_ex);
    return declined;
}

Verdict write_before_handler(Request& request, Responder&) {
    write(request, Moment::handler);
    return declined;
}

http::BodySink* write_before_filters(Request& request, http::BodySink* next) {
    write(request, Moment::insert_filter);
    return next;
}

void write_at_end(Request& request) { write(request, Moment::log_transaction); }

} // namespace

Module log_debug_module() {
    return {
        .name = "log_debug",
        .directives = {{"LogMessage", config::Shape::one_two_or_three, config::anywhere,
                        config::override_none, config::edits<add_message>,
                        "Log a debug message to the error log if this config block is used for  a "
                        "request"}},
        .settings = {config::settings_type<LogDebugSettings>()},
        .hooks = {.post_read_request = write_at<Moment::quick_handler>,
                  .translate_name = write_at<Moment::translate_name>,
                  .map_to_storage = write_at<Moment::map_to_storage>,
                  .access_checker = write_access,
                  .check_user_id = write_at<Moment::check_authn>,
                  .auth_checker = write_at<Moment::check_authz>,
                  .type_checker = write_at<Moment::type_checker>,
                  .fixups = write_at<Moment::fixups>,
                  .handler = write_before_handler,
                  .filter_response = write_before_filters,
                  .log_transaction = write_at_end},
    };
}

} // namespace preforkd
