// cgi: scripts, each in a process of its own for one request (RFC 3875). cgid is the same.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <utility>

#include "base/text.h"
#include "config/directive.h"
#include "modules/content/cgi/cgi_settings.h"
#include "modules/content/cgi/script_log.h"
#include "modules/content/cgi/script_response.h"
#include "modules/modules.h"
#include "os/environment.h"
#include "os/script_program.h"
#include "pipeline/core_settings.h"
#include "pipeline/request.h"
#include "pipeline/script_head.h"
#include "pipeline/script_settings.h"
#include "pipeline/script_variables.h"

namespace preforkd {

namespace {

constexpr Duration usual_patience = std::chrono::seconds(60);

bool is_script(const Request& request) {
    const auto handler = handler_of(request);
    return handler == "cgi-script" || handler == "application/x-httpd-cgi";
}

Verdict refuse_script(const Request& request, int status, std::string_view number,
                      std::string_view why) {
    ScriptLog(request).write_failure(status, why);
    request.log("cgi", log::Level::error,
                request.arena.join({number, ": stderr from ", request.filename, ": ", why}));
    return refuse(status);
}

bool writes_whole_head(const Request& request) {
    return name_of_script(request).starts_with("nph-");
}

bool refuses_path_info(const Request& request) {
    const auto& core = request.of<CoreDirectorySettings>();
    return !request.path_info.empty() && !core.accept_path_info_default.value_or(true) &&
           !core.accept_path_info_on.value_or(false);
}

Verdict check_script(const Request& request) {
    const unsigned options = request.of<CoreDirectorySettings>().effective_options();
    if (!(options & option_exec_cgi) && !request.is_script_alias)
        return refuse_script(request, 403, "AH02809", "Options ExecCGI is off in this directory");
    if (request.main && writes_whole_head(request))
        return refuse_script(request, 403, "AH02810", "attempt to include NPH CGI script");
    switch (request.storage.kind) {
    case Storage::Kind::missing:
    case Storage::Kind::unknown:
        return refuse_script(request, 404, "AH02811", "script not found or unable to stat");
    case Storage::Kind::directory:
        return refuse_script(request, 403, "AH02812", "attempt to invoke directory as script");
    default: break;
    }
    if (refuses_path_info(request))
        return refuse_script(request, 404, "AH02813", "AcceptPathInfo off disallows user's path");
    return ok;
}

std::string percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escaped = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                             hex_value(text[i + 2]) >= 0;
        decoded += escaped ? static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]))
                           : text[i];
        if (escaped) i += 2;
    }
    return decoded;
}

// A query without "=" is a search: its words are the script's arguments (RFC 3875 §4.4), as a shell
// could take them.
CommandWords words_of(const Request& request) {
    CommandWords words{std::string(request.filename)};
    const auto query = request.query;
    if (query.empty() || query.find('=') != query.npos) return words;
    for (const auto word : split(query, '+'))
        words.push_back(escape_for_shell(percent_decoded(word)));
    return words;
}

std::vector<std::string> environment_of(Request& request) {
    add_script_variables(request);
    return environment_for_program(request);
}

Duration patience_for(const Request& request) {
    if (const auto& said = request.of<CgiSettings>().patience) return *said;
    return request.of<CoreServerSettings>().timeout.value_or(usual_patience);
}

// What a script says on standard error, line by line.
class Complaints {
  public:
    Complaints(const Request& request, const ScriptLog& log) : request_(request), log_(log) {}
    ~Complaints() {
        if (!begun_.empty()) write(begun_);
    }
    Complaints(const Complaints&) = delete;
    Complaints& operator=(const Complaints&) = delete;
    Status take(std::string_view text) {
        // A line that does not end is cut, and goes on as another.
        begun_ += text;
        if (begun_.size() > longest_line && begun_.find('\n') == begun_.npos) begun_ += '\n';
        for (auto end = begun_.find('\n'); end != begun_.npos; end = begun_.find('\n')) {
            write(std::string_view(begun_).substr(0, end));
            begun_.erase(0, end + 1);
        }
        return {};
    }

  private:
    static constexpr std::size_t longest_line = 8192;

    void write(std::string_view line) const {
        log_.write_failure(request_.response.status, line);
        if (line.ends_with('\r')) line.remove_suffix(1);
        request_.log("cgi", log::Level::error,
                     fmt::format("AH01215: stderr from {}: {}", request_.filename, line));
    }
    const Request& request_;
    const ScriptLog& log_;
    std::string begun_;
};

// A script need not read all that it is sent.
void note_deafness(const Request& request) {
    request.log(
        "cgi", log::Level::error,
        request.arena.join({"AH02651: Error writing request body to script ", request.filename}),
        EPIPE);
}

// The request's content, as it comes, to the script.
Status feed_content(Request& request, ScriptProgram& program,
                    const ScriptProgram::Listener& listener, ScriptLog& log) {
    char part[8192];
    bool is_heard = true;
    while (request.content && !request.content->at_end()) {
        const auto count = request.content->read(part);
        if (!count) return count.error();
        if (*count == 0) break;
        log.keep_content({part, *count});
        if (auto fed = program.feed({part, *count}, listener); !fed) return fed;
        if (program.input() < 0 && std::exchange(is_heard, false)) note_deafness(request);
    }
    return {};
}

Verdict refuse_content(const Request& request, int code) {
    request.log("cgi", log::Level::error, "AH01225: Error reading request entity data",
                http::cause_of_failed_read(code));
    return refuse(http::status_of_failed_read(code));
}

Verdict conclude(Request& request, ScriptResponse& response, const Status& how) {
    if (how || how.error().code != ETIMEDOUT) return response.conclude(how);
    request.log("cgi", log::Level::warn,
                request.arena.join(
                    {"AH01220: Timeout waiting for output from CGI script ", request.filename}));
    if (response.has_begun()) return response.conclude(how);
    return response.give_up(
        504, fmt::format("Script timed out before returning headers: {}", name_of_script(request)));
}

// In the words of the process that Apache has forked by then.
Verdict refuse_program(const Request& request, int code, Complaints& complaints,
                       ScriptResponse& response) {
    static_cast<void>(complaints.take(
        fmt::format("({}){}: exec of '{}' failed\n", code, std::strerror(code), request.filename)));
    return response.give_up(
        500, fmt::format("End of script output before headers: {}", name_of_script(request)));
}

Verdict run(Request& request, Responder& responder) {
    const auto& file = request.filename;
    ScriptLog log(request);
    Complaints complaints(request, log);
    auto program = ScriptProgram::start({.words = words_of(request),
                                         .environment = environment_of(request),
                                         .folder = std::string(file.substr(0, file.rfind('/') + 1)),
                                         .limits = request.of<ScriptSettings>().limits(),
                                         .reads = true,
                                         .errors = ScriptProgram::Errors::heard,
                                         .patience = patience_for(request),
                                         .client = request.connection.stream->descriptor()});
    ScriptResponse response(request, responder, log, writes_whole_head(request));
    if (!program) return refuse_program(request, program.error().code, complaints, response);
    const ScriptProgram::Listener listener{
        .output = [&](std::string_view text) { return response.take(text); },
        .errors = [&](std::string_view text) { return complaints.take(text); },
        .idle = [&] { return response.pass_on(); }};
    if (auto fed = feed_content(request, *program, listener, log);
        !fed && fed.error().code != EPIPE) {
        // What the script makes of half the content is no answer, even where it has begun.
        if (responder.has_sent_head()) return response.conclude(fed);
        return refuse_content(request, fed.error().code);
    }
    return conclude(request, response, program->finish(listener));
}

Verdict answer_script(Request& request, Responder& responder) {
    if (!is_script(request)) return declined;
    if (const auto verdict = check_script(request); !verdict.is_ok()) return verdict;
    return run(request, responder);
}

} // namespace

Module cgi_module() {
    Module module{.name = "cgi"};
    module.directives = cgi_directives("CGIScriptTimeout");
    module.settings.push_back(config::settings_type<CgiSettings>());
    module.settings.push_back(config::settings_type<ScriptLogSettings>());
    module.hooks.handler = answer_script;
    return module;
}

Module cgid_module() {
    Module module{.name = "cgid"};
    module.directives = cgi_directives("CGIDScriptTimeout");
    module.directives.push_back(
        {"ScriptSock", config::Shape::one, config::server_config | config::virtual_host,
         config::override_none, config::accepted_for_later,
         "the name of the socket to use for communication with the cgi daemon."});
    module.hooks.handler = answer_script;
    return module;
}

} // namespace preforkd
