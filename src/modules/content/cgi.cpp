// cgi: its directives, and a handler that refuses. Running scripts comes later (docs/deferred.md);
// until then no request may get a script's source.
#include "base/text.h"
#include "config/directive.h"
#include "modules/modules.h"
#include "modules/server/arguments.h"
#include "pipeline/core_settings.h"
#include "pipeline/request.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

Status check_timeout(Invocation&, Arguments arguments) {
    if (parse_duration(arguments[0])) return {};
    return Error{"CGIScriptTimeout has wrong format"};
}

bool is_script(const Request& request) {
    return request.handler_name == "cgi-script" ||
           request.handler_name == "application/x-httpd-cgi";
}

Verdict refuse_script(const Request& request, int status, std::string_view why) {
    request.log("cgi", log::Level::error, request.arena.join({why, ": ", request.filename}));
    return refuse(status);
}

Verdict answer_script(Request& request, Responder&) {
    if (!is_script(request)) return declined;
    const unsigned options = request.of<CoreDirectorySettings>().effective_options();
    if (!(options & option_exec_cgi) && !request.is_script_alias)
        return refuse_script(request, 403, "AH02809: Options ExecCGI is off in this directory");
    switch (request.storage.kind) {
    case Storage::Kind::missing:
    case Storage::Kind::unknown:
        return refuse_script(request, 404, "AH02811: script not found or unable to stat");
    case Storage::Kind::directory:
        return refuse_script(request, 403, "AH02812: attempt to invoke directory as script");
    default: return refuse_script(request, 500, "scripts cannot be run yet, nor sent as text");
    }
}

} // namespace

Module cgi_module() {
    constexpr unsigned in_servers = config::server_config | config::virtual_host;
    Module module{.name = "cgi"};
    module.directives = {
        {"ScriptLog", Shape::one, in_servers, config::override_none, config::accepted_for_later,
         "the name of a log for script debugging info"},
        {"ScriptLogLength", Shape::one, in_servers, config::override_none,
         config::accepted_for_later, "the maximum length (in bytes) of the script debug log"},
        {"ScriptLogBuffer", Shape::one, in_servers, config::override_none,
         config::accepted_for_later, "the maximum size (in bytes) to record of a POST request"},
        {"CGIScriptTimeout", Shape::one, in_servers | config::directory, config::override_none,
         check_timeout,
         "The amount of time to wait between successful reads from the CGI script, in seconds."},
    };
    module.hooks.handler = answer_script;
    return module;
}

} // namespace preforkd
