// allowmethods: which methods a place may be asked with.
#include <algorithm>

#include "base/text.h"
#include "config/configuration.h"
#include "config/directive.h"
#include "http/request_line.h"
#include "modules/modules.h"
#include "pipeline/core_settings.h"
#include "pipeline/request.h"

namespace preforkd {

namespace {

struct AllowMethodsSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const AllowMethodsSettings& outer) {
        config::inherit(methods, outer.methods);
    }
    std::optional<std::vector<std::string>> methods; // empty: all of them
};

bool is_known(const std::string& method, config::Invocation& invocation) {
    auto& main = invocation.configuration.main_server().server_settings;
    http::Limits limits;
    limits.registered_methods = &main.edit<CoreServerSettings>().registered_methods;
    return http::identify_method(method, limits) != http::Method::other;
}

Status set_methods(AllowMethodsSettings& settings, config::Arguments arguments,
                   config::Invocation& invocation) {
    if (arguments.empty()) return Error{"AllowMethods: No method or 'reset' keyword given"};
    settings.methods.emplace();
    for (const std::string& method : arguments) {
        if (arguments.size() == 1 && iequals(method, "reset")) return {};
        if (!is_known(method, invocation))
            return Error{"AllowMethods: Invalid Method '" + method + "'"};
        // To Apache HEAD is another word for GET.
        const std::string name = method == "HEAD" ? "GET" : method;
        if (std::find(settings.methods->begin(), settings.methods->end(), name) ==
            settings.methods->end())
            settings.methods->push_back(name);
    }
    return {};
}

std::string joined(const std::vector<std::string>& methods) {
    std::string text;
    for (const auto& method : methods) {
        if (!text.empty()) text += ',';
        text += method == "GET" ? "GET,HEAD" : method;
    }
    return text;
}

// Who may GET may ask for the head.
Verdict check_method(Request& request) {
    const auto& methods = request.of<AllowMethodsSettings>().methods;
    if (!methods || methods->empty()) return declined;
    const std::string_view asked =
        request.header_only() ? std::string_view("GET") : request.head.method_name;
    if (std::find(methods->begin(), methods->end(), asked) != methods->end()) return declined;
    request.log("allowmethods", log::Level::error,
                request.arena.join({"AH01623: client method denied by server configuration: '",
                                    request.head.method_name, "' to ", request.filename}));
    // RFC 9110 §15.5.6: what would be allowed. Apache says TRACE.
    request.response.error_fields.set(http::FieldId::allow, request.arena.copy(joined(*methods)));
    return refuse(405);
}

} // namespace

Module allowmethods_module() {
    return {
        .name = "allowmethods",
        .directives = {{"AllowMethods", config::Shape::words, config::directory,
                        config::override_none, config::edits<set_methods>,
                        "only allow specific methods"}},
        .settings = {config::settings_type<AllowMethodsSettings>()},
        .hooks = {.access_checker = check_method},
    };
}

} // namespace preforkd
