// dir: what a directory's path stands for (DirectoryIndex, DirectorySlash), and what a path that
// leads nowhere stands for (FallbackResource).
#include <optional>

#include "base/text.h"
#include "config/directive.h"
#include "http/uri.h"
#include "modules/mapping/alias/alias.h"
#include "modules/mapping/dir.h"
#include "modules/mapping/rewrite/rewrite.h"
#include "modules/modules.h"
#include "modules/proxy/route.h"
#include "os/file.h"
#include "pipeline/core_settings.h"
#include "pipeline/request.h"
#include "pipeline/request_processor.h"
#include "pipeline/server_names.h"
#include "pipeline/subrequest.h"

namespace preforkd {

using config::Arguments;
using config::Shape;

namespace {

constexpr std::string_view directory_type = "httpd/unix-directory";

struct DirSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const DirSettings& outer) {
        config::inherit(indexes, outer.indexes);
        config::inherit(slash, outer.slash);
        config::inherit(check_handler, outer.check_handler);
        config::inherit(redirect_status, outer.redirect_status);
        config::inherit(fallback, outer.fallback);
    }
    std::optional<std::vector<std::string>> indexes; // empty: disabled
    std::optional<bool> slash;
    std::optional<bool> check_handler;
    std::optional<int> redirect_status;  // 0: off
    std::optional<std::string> fallback; // empty: disabled
};

Status set_indexes(DirSettings& settings, Arguments arguments) {
    if (!settings.indexes) settings.indexes.emplace();
    // "disabled" counts only alone; among others it is a name.
    if (arguments.size() == 1 && iequals(arguments[0], "disabled")) settings.indexes->clear();
    else settings.indexes->insert(settings.indexes->end(), arguments.begin(), arguments.end());
    return {};
}

Status set_index_redirect(DirSettings& settings, Arguments arguments) {
    const std::string& word = arguments[0];
    if (iequals(word, "on") || iequals(word, "temp")) settings.redirect_status = 302;
    else if (iequals(word, "off")) settings.redirect_status = 0;
    else if (iequals(word, "permanent")) settings.redirect_status = 301;
    else if (iequals(word, "seeother")) settings.redirect_status = 303;
    else if (is_digit(word.front())) {
        const auto status = parse_decimal(word);
        if (!status || *status < 300 || *status > 399)
            return Error{"DirectoryIndexRedirect only accepts values between 300 and 399"};
        settings.redirect_status = static_cast<int>(*status);
    } else return Error{"DirectoryIndexRedirect ON|OFF|permanent|temp|seeother|3xx"};
    return {};
}

Status set_fallback(DirSettings& settings, Arguments arguments) {
    settings.fallback = iequals(arguments[0], "disabled") ? std::string() : arguments[0];
    return {};
}

// What the client may have of a name that was looked up in place of its own.
bool is_file(const Request& found) {
    return found.response.status == 200 &&
           (found.other_server.answers || found.storage.kind == Storage::Kind::regular);
}

std::string_view with_query(const Request& request, std::string_view path) {
    return request.has_query ? request.arena.join({path, "?", request.query}) : path;
}

void take_fields(Request& request, const Request& found) {
    for (const auto& field : found.response.fields)
        request.response.fields.set(field.id, field.name, field.value);
    for (const auto& field : found.response.error_fields)
        request.response.error_fields.set(field.id, field.name, field.value);
}

Verdict add_slash(Request& request) {
    // Some clients follow redirects of GET only (Apache: redirect-carefully).
    if (request.head.method != http::Method::get && request.head.method != http::Method::head &&
        request.find_variable("redirect-carefully"))
        return declined;
    const auto path = request.arena.join({http::escape_path(request.uri), "/"});
    request.response.fields.set(http::FieldId::location,
                                absolute_url(request, with_query(request, path)));
    return refuse(301);
}

Verdict fall_back(Request& request) {
    const auto& fallback = request.of<DirSettings>().fallback;
    if (!fallback || fallback->empty()) return declined;
    const Request& found = look_up_uri(request, with_query(request, *fallback));
    if (is_file(found)) {
        become(request, found);
        return ok;
    }
    if (found.response.status == 200) return declined;
    if (found.response.status >= 300 && found.response.status < 400) take_fields(request, found);
    return refuse(found.response.status);
}

// A look at the disk that saves a subrequest: only where nothing but the file's being there could
// make a difference.
bool is_surely_missing(const Request& request, std::string_view name) {
    // An index is looked up by GET, to which other rules may apply.
    if (request.head.method != http::Method::get && request.head.method != http::Method::head)
        return false;
    if (name.find_first_of("/%?") != std::string_view::npos) return false;
    const auto& fallback = request.of<DirSettings>().fallback;
    if (fallback && !fallback->empty()) return false;
    if (request.of<CoreDirectorySettings>().effective_options() & option_multiviews) return false;
    if (rewrite::may_intervene(request) || proxy::has_routes(request)) return false;
    if (request.processor->settings_differ_for(request, name)) return false;
    if (maps_elsewhere(request, request.arena.join({request.uri, name}))) return false;
    const std::string_view slash = request.filename.ends_with('/') ? "" : "/";
    const char* path = request.arena.c_string(request.arena.join({request.filename, slash, name}));
    struct stat status;
    return stat_path(path, status) == ENOENT;
}

Verdict serve_index(Request& request, const Request& found) {
    const int status = request.of<DirSettings>().redirect_status.value_or(0);
    if (status == 0) {
        become(request, found);
        return ok;
    }
    request.response.fields.set(http::FieldId::location, absolute_url(request, found.uri));
    return refuse(status);
}

// 401 and 406 are for the client to hear when there is no other name to try.
bool must_tell(int status, bool is_last) {
    return (status >= 300 && status < 400) || (is_last && (status == 401 || status == 406));
}

Verdict find_index(Request& request) {
    static const std::vector<std::string> usual{"index.html"};
    const auto& said = request.of<DirSettings>().indexes;
    const auto& names = said ? *said : usual;
    int refused = 0;
    for (const auto& name : names) {
        if (is_surely_missing(request, name)) continue;
        const Request& found = look_up_uri(request, with_query(request, name));
        if (is_file(found)) return serve_index(request, found);
        const int status = found.response.status;
        if (must_tell(status, &name == &names.back())) {
            take_fields(request, found);
            return refuse(status);
        }
        // A name that may not be served must not lead to a listing.
        if (status != 404 && status != 200) refused = status;
    }
    return refused == 0 ? declined : refuse(refused);
}

Verdict fixups(Request& request) {
    const auto& settings = request.of<DirSettings>();
    if (request.storage.kind == Storage::Kind::directory) {
        if (request.handler_name.empty()) request.handler_name = directory_type;
        if (!request.uri.ends_with('/'))
            return settings.slash.value_or(true) ? add_slash(request) : declined;
        if (request.handler_name == "redirect-handler") return declined; // of mod_rewrite
        const bool has_handler =
            !request.handler_name.empty() && request.handler_name != directory_type;
        if (settings.check_handler.value_or(false) && has_handler) return declined;
        return find_index(request);
    }
    if (request.storage.kind == Storage::Kind::missing && request.handler_name.empty())
        return fall_back(request);
    return declined;
}

std::vector<config::Directive> directives() {
    using config::anywhere;
    using config::edits;
    using config::override_indexes;
    return {
        {"FallbackResource", Shape::one, anywhere, override_indexes, edits<set_fallback>,
         "Set a default handler"},
        {"DirectoryIndex", Shape::words, anywhere, override_indexes, edits<set_indexes>,
         "a list of file names"},
        {"DirectorySlash", Shape::flag, anywhere, override_indexes,
         config::sets_flag<&DirSettings::slash>, "On or Off"},
        {"DirectoryCheckHandler", Shape::flag, anywhere, override_indexes,
         config::sets_flag<&DirSettings::check_handler>, "On or Off"},
        {"DirectoryIndexRedirect", Shape::one, anywhere, override_indexes,
         edits<set_index_redirect>, "On, Off, or a 3xx status code."},
    };
}

} // namespace

std::string index_names_of(const Request& request) {
    const auto& said = request.of<DirSettings>().indexes;
    if (!said) return "index.html";
    std::string names;
    for (const auto& name : *said) names += (names.empty() ? "" : ",") + name;
    return names;
}

Module dir_module() {
    return {
        .name = "dir",
        .directives = directives(),
        .settings = {config::settings_type<DirSettings>()},
        .hooks = {.fixups = fixups},
    };
}

} // namespace preforkd
