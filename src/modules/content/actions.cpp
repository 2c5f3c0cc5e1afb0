// actions: a path of this server that answers for files of a type, or for a method (Action,
// Script).
#include <algorithm>

#include "base/text.h"
#include "config/directive.h"
#include "http/uri.h"
#include "modules/modules.h"
#include "pipeline/subrequest.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;

namespace {

struct Action {
    std::string name; // of a handler or a media type
    std::string path;
    bool is_virtual = false; // also for what is no file
};

struct MethodScript {
    std::string method;
    std::string path;
};

struct ActionsSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const ActionsSettings& outer) {
        // What stands first is found first.
        actions.insert(actions.end(), outer.actions.begin(), outer.actions.end());
        scripts.insert(scripts.end(), outer.scripts.begin(), outer.scripts.end());
    }
    std::vector<Action> actions;
    std::vector<MethodScript> scripts;
};

Status add_action(ActionsSettings& settings, Arguments arguments) {
    const bool is_virtual = arguments.size() > 2;
    if (is_virtual && !iequals(arguments[2], "virtual"))
        return Error{"unrecognized option '" + arguments[2] + "'"};
    settings.actions.insert(settings.actions.begin(), {arguments[0], arguments[1], is_virtual});
    return {};
}

Status add_script(ActionsSettings& settings, Arguments arguments) {
    std::string method = arguments[0];
    for (char& c : method) c = to_upper(c);
    settings.scripts.insert(settings.scripts.begin(), {method, arguments[1]});
    return {};
}

const Action* find_action(const Request& request, const ActionsSettings& settings) {
    auto name = request.handler_name;
    if (name.empty()) {
        const auto type = request.response.content_type;
        name = trim(type.substr(0, type.find(';')));
    }
    for (const auto& action : settings.actions)
        if (iequals(action.name, name)) return &action;
    return nullptr;
}

// A GET is for the file unless it asks something.
const MethodScript* find_script(const Request& request, const ActionsSettings& settings) {
    const auto method =
        request.head.method == http::Method::head ? "GET" : request.head.method_name;
    if (method == "GET" && !request.has_query) return nullptr;
    for (const auto& script : settings.scripts)
        if (script.method == method) return &script;
    return nullptr;
}

Verdict answer_elsewhere(Request& request, Responder& responder) {
    const auto& settings = request.of<ActionsSettings>();
    if (settings.actions.empty() && settings.scripts.empty()) return declined;
    const auto* script = find_script(request, settings);
    // The script is a file that nobody runs.
    if (script && request.previous && request.previous->previous) return declined;
    const auto* action = find_action(request, settings);
    if (!action && !script) return declined;
    if (action) {
        if (!action->is_virtual && request.storage.kind == Storage::Kind::missing) {
            request.log("actions", log::Level::info,
                        request.arena.join({"AH00652: File does not exist: ", request.filename}));
            return refuse(404);
        }
        request.set_variable("HANDLER", action->name);
    }
    const auto path = http::escape_path(request.uri);
    return internal_redirect(
        request,
        request.arena.join({action ? action->path : script->path, path,
                            request.has_query ? "?" : std::string_view(), request.query}),
        responder);
}

} // namespace

Module actions_module() {
    using config::edits;
    using config::override_file_info;
    return {
        .name = "actions",
        .directives = {{"Action", config::Shape::two_or_three, config::anywhere, override_file_info,
                        edits<add_action>, "a media type followed by a script name"},
                       {"Script", config::Shape::two, config::anywhere & ~config::htaccess, 0,
                        edits<add_script>, "a method followed by a script name"}},
        .settings = {config::settings_type<ActionsSettings>()},
        .hooks = {.handler = answer_elsewhere},
    };
}

} // namespace preforkd
