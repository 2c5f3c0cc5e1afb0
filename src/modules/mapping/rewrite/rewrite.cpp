// mod_rewrite: rules that change what a request is for.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "http/uri.h"
#include "modules/mapping/rewrite/engine.h"
#include "modules/mapping/rewrite/notes.h"
#include "modules/mapping/rewrite/rewrite.h"
#include "modules/mapping/rewrite/trace.h"
#include "modules/mapping/rewrite/variable.h"
#include "modules/modules.h"
#include "os/file.h"
#include "pipeline/content_settings.h"
#include "pipeline/core_settings.h"
#include "pipeline/proxied_name.h"
#include "pipeline/request_processor.h"
#include "pipeline/server_names.h"
#include "pipeline/subrequest.h"

namespace preforkd {

using namespace rewrite;

namespace rewrite {

Notes& notes_of(Request& request) {
    if (!request.rewrite_notes)
        request.rewrite_notes = new (request.arena.bytes_for<Notes>()) Notes;
    return *request.rewrite_notes;
}

} // namespace rewrite

namespace {

// In an LDAP URL the first four question marks separate parts (RFC 4516).
std::string escape_ldap(std::string_view name) {
    std::string escaped;
    for (int part = 0; part < 4; ++part) {
        const auto mark = name.find('?');
        if (mark == name.npos) break;
        escaped.append(http::escape_path(name.substr(0, mark))).push_back('?');
        name.remove_prefix(mark + 1);
    }
    return escaped.append(http::escape_path(name));
}

// Percent-encodes everything behind the scheme and, where there is one, the host.
std::string_view escape_url(std::string_view url, Arena& arena) {
    auto begin = scheme_length(url);
    if (url.substr(0, begin).ends_with('/')) begin = std::min(url.find('/', begin), url.size());
    const auto rest = url.substr(begin);
    return arena.join({url.substr(0, begin),
                       istarts_with(url, "ldap:") ? escape_ldap(rest) : http::escape_path(rest)});
}

// A query that rules made is escaped; one that the client sent is as it should be.
std::string_view query_for_redirect(const Request& request, const Rewriting& result,
                                    std::string_view sent, const Trace& trace) {
    if (result.no_escape || request.query == sent) {
        trace(1, "copying {} to query string for redirect", request.query);
        return request.query;
    }
    const auto escaped = request.arena.copy(http::escape_path(request.query));
    trace(1, "escaping {} to query string for redirect {}", request.query, escaped);
    return escaped;
}

bool has_control_characters(std::string_view text) {
    for (const char c : text)
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return true;
    return false;
}

Verdict refuse_query(const Request& request, int code) {
    request.log(
        "rewrite", log::Level::error,
        fmt::format("AH{}: Rewritten query string contains control characters or spaces", code));
    return refuse(403);
}

// What rules answer counts by itself, also where they refuse an ErrorDocument.
Verdict answer_anew(Request& request, int status) {
    request.response.status = 200;
    return refuse(status);
}

// `sent` is the query that the client's request had, `code` what the log calls a bad one.
Verdict redirect(Request& request, const Rewriting& result, std::string_view sent, int code,
                 const Trace& trace) {
    Arena& arena = request.arena;
    auto url = request.filename;
    if (!result.no_escape) {
        trace(1, "escaping {} for redirect", url);
        url = escape_url(url, arena);
    }
    if (request.has_query) {
        const auto query = query_for_redirect(request, result, sent, trace);
        if (has_control_characters(query)) return refuse_query(request, code);
        url = arena.join({url, "?", query});
    }
    const int status = result.status == 0 ? 302 : result.status;
    request.response.fields.set(http::FieldId::location, url);
    trace(1, "redirect to {} [REDIRECT/{}]", url, status);
    request.filename = url; // for the log
    return result.status == 0 ? refuse(status) : answer_anew(request, status);
}

// [P]: another server answers, at the URL that the rules have made. It is asked for `as_is`, or
// escaped and with the query by mod_proxy.
Verdict go_to_proxy(Request& request, bool as_is, int code, const Trace& trace) {
    if (!request.processor->may_proxy()) {
        request.log("rewrite", log::Level::error,
                    fmt::format("AH{:05}: attempt to make remote request from mod_rewrite without "
                                "proxy enabled: proxy:{}",
                                code, request.filename));
        return refuse(403);
    }
    auto& arena = request.arena;
    request.filename = as_is && request.has_query
                           ? arena.join({proxied_prefix, request.filename, "?", request.query})
                           : arena.join({proxied_prefix, request.filename});
    request.other_server = {.answers = true,
                            .is_clients_choice = request.other_server.is_clients_choice,
                            .has_timed_out = false,
                            .keeps_url = as_is,
                            .socket = {},
                            .route = nullptr};
    request.handler_name = "proxy-server";
    trace(1, "go-ahead with proxy request {} [OK]", request.filename);
    return ok;
}

// "/srv/www-private" is not in "/srv/www": Apache compares the beginnings alone.
bool is_in_folder(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) &&
           (path.size() == folder.size() || folder.ends_with('/') || path[folder.size()] == '/');
}

// Whether a rule of a server meant a place in the file system rather than one below DocumentRoot:
// its first folder is there, and stands in the rule itself, not in what a client sent, or all of
// it is in DocumentRoot.
bool is_in_file_system(const Request& request, const Rewriting& result) {
    if (result.reduced && request.of<ServerRewrite>().has(legacy_prefix_document_root))
        return false;
    const auto begin = std::min(request.filename.find_first_not_of('/'), request.filename.size());
    const auto end = std::min(request.filename.find('/', begin), request.filename.size());
    const auto first = request.arena.join({"/", request.filename.substr(begin, end - begin)});
    const bool named =
        result.last && (result.last->leaves_document_root ||
                        std::string_view(result.last->output_text).starts_with(first));
    const bool is_meant =
        named || is_in_folder(request.filename, request.processor->document_root(request));
    struct stat status {};
    return is_meant && stat_path(request.arena.c_string(first), status) == 0;
}

// A redirect that a later rule overtook, which leads elsewhere inside, leaves its status to what is
// found there, as in Apache.
void leave_status(Request& request, const Rewriting& result) {
    if (result.status != 0) request.response.status = result.status;
}

Verdict go_to_file(Request& request, const Rewriting& result, const Trace& trace) {
    trace(2, "local path result: {}", request.filename);
    if (!request.filename.starts_with('/')) return refuse(400);
    const auto path = http::normalize_path(request.filename, true, request.arena);
    if (!path) return refuse(403);
    if (is_in_file_system(request, result)) {
        request.filename = *path;
    } else {
        request.processor->use_document_root(request, *path);
        trace(2, "prefixed with document_root to {}", request.filename);
    }
    trace(1, "go-ahead with {} [OK]", request.filename);
    return ok;
}

// What the client asked for, whatever that led to since.
void tell_asked_url(Request& request) {
    const auto* first = request.main ? request.main->find_variable("SCRIPT_URL")
                                     : request.find_variable("REDIRECT_SCRIPT_URL");
    const auto url = first ? *first : request.uri;
    request.set_variable("SCRIPT_URL", url);
    request.set_variable("SCRIPT_URI", absolute_url(request, url));
}

Verdict translate_name(Request& request) {
    const auto& settings = request.of<ServerRewrite>();
    // A <Location> decides for the rules of its server, too. A host that says nothing has none.
    if (!request.of<DirectoryRewrite>().on.value_or(false) || settings.owner != request.server)
        return declined;
    if (!settings.has(allow_any_uri) && !request.uri.starts_with('/')) return declined;
    if (request.rules_ended) return declined;
    tell_asked_url(request);
    if (settings.rules.empty()) return declined;
    const Trace trace(request, {});
    request.filename = request.uri;
    const auto query = request.query;
    trace(2, "init rewrite engine with requested uri {}", request.filename);
    const Rewriting result = apply_rules(request, settings.rules, {});
    if (result.ended != 0) return answer_anew(request, result.ended);
    if (!result.changed) {
        trace(1, "pass through {}", request.filename);
        request.filename = {};
        return declined;
    }
    const bool is_redirect = !result.proxy && scheme_length(request.filename) > 0;
    if (is_redirect) return redirect(request, result, query, 10410, trace);
    if (has_control_characters(request.query)) return refuse_query(request, 10410);
    if (result.proxy) return go_to_proxy(request, result.no_escape, 669, trace);
    leave_status(request, result);
    if (!result.passes_through) return go_to_file(request, result, trace);
    request.uri = request.filename;
    request.filename = {};
    return declined;
}

// `name` with `subst` in place of `prefix` (Apache: subst_prefix_path).
std::string_view with_prefix(std::string_view name, std::string_view prefix, std::string_view subst,
                             Arena& arena, const Trace& trace) {
    if (prefix.ends_with('/')) prefix.remove_suffix(1);
    if (subst.ends_with('/')) subst.remove_suffix(1);
    if (!is_in_folder(name, prefix)) return name;
    const auto rest = name.substr(prefix.size());
    const auto result = arena.join({subst, rest});
    trace(4, "strip matching prefix: {} -> {}", name, rest);
    trace(4, "add subst prefix: {} -> {}", rest, result);
    return result;
}

// From a file's name back to the path that leads to it.
std::string_view path_of(const Request& request, const DirectoryRewrite& settings,
                         const Trace& trace) {
    Arena& arena = request.arena;
    const auto name = request.filename;
    if (settings.base) {
        trace(2, "trying to replace prefix {} with {}", settings.directory, *settings.base);
        return with_prefix(name, settings.directory, *settings.base, arena, trace);
    }
    auto root = request.processor->document_root(request);
    if (root.ends_with('/')) root.remove_suffix(1);
    if (name.starts_with(root) && name.size() > root.size() && name[root.size()] == '/') {
        trace(2, "strip document_root prefix: {} -> {}", name, name.substr(root.size()));
        return name.substr(root.size());
    }
    if (request.context_prefix.empty() || settings.has(ignore_context_info)) return name;
    trace(2, "trying to replace context docroot {} with context prefix {}", request.context_root,
          request.context_prefix);
    return with_prefix(name, request.context_root, request.context_prefix, arena, trace);
}

// What follows "scheme://host" was made from a directory's rules and may begin with its name.
void use_base_of_url(Request& request, const DirectoryRewrite& settings, const Trace& trace) {
    if (!settings.base) return;
    const auto url = request.filename;
    const auto path = url.find('/', scheme_length(url));
    if (path == url.npos || path + 1 == url.size()) return;
    trace(2, "trying to replace prefix {} with {}", settings.directory, *settings.base);
    request.filename = request.arena.join(
        {url.substr(0, path),
         with_prefix(url.substr(path), settings.directory, *settings.base, request.arena, trace)});
}

bool may_follow_links(const Request& request) {
    return (request.of<CoreDirectorySettings>().effective_options() &
            (option_follow_symlinks | option_symlinks_if_owner)) != 0;
}

// A directory that was asked for without its slash: mod_dir sends the client there first.
bool lacks_slash(const Request& request, const DirectoryRewrite& settings) {
    const std::string_view directory = settings.directory;
    return !settings.has(allow_no_slash) && !request.uri.ends_with('/') &&
           request.storage.kind == Storage::Kind::directory &&
           request.filename == directory.substr(0, directory.size() - 1);
}

Verdict rewrite_in_directory(Request& request, const DirectoryRewrite& settings) {
    const Trace trace(request, settings.directory);
    const auto name = request.filename;
    const auto path_info = request.path_info;
    const auto query = request.query;
    const Rewriting result = apply_rules(request, settings.rules, settings.directory);
    if (result.ended != 0) return answer_anew(request, result.ended);
    if (!result.changed) {
        trace(1, "pass through {}", request.filename);
        request.filename = name;
        return declined;
    }
    if (!result.proxy && scheme_length(request.filename) > 0) {
        use_base_of_url(request, settings, trace);
        return redirect(request, result, query, 10411, trace);
    }
    if (has_control_characters(request.query)) return refuse_query(request, 10411);
    if (result.proxy) return go_to_proxy(request, result.no_escape, 10160, trace);
    if (!request.filename.starts_with('/')) return refuse(400);
    if (request.filename == name) {
        trace(1, "initial URL equal rewritten URL: {} [IGNORING REWRITE]", request.filename);
        return ok;
    }
    const auto path = path_of(request, settings, trace);
    trace(1, "internal redirect with {} [INTERNAL REDIRECT]", path);
    notes_of(request).target =
        request.has_query ? request.arena.join({path, "?", request.query}) : path;
    request.filename = name;
    request.path_info = path_info;
    request.handler_name = redirect_handler;
    leave_status(request, result);
    return ok;
}

void force_type(Request& request) {
    const Notes* notes = request.rewrite_notes;
    if (!notes) return;
    if (!notes->forced_type.empty()) {
        request.response.content_type = notes->forced_type;
        request.response.charset = {}; // of the name, whose type does not count
    }
    if (!notes->forced_handler.empty()) request.handler_name = notes->forced_handler;
}

Verdict fixups(Request& request) {
    const auto& settings = request.of<DirectoryRewrite>();
    Verdict verdict = declined;
    if (settings.on.value_or(false) && !settings.directory.empty() && !request.rules_ended &&
        !lacks_slash(request, settings)) {
        if (!may_follow_links(request)) {
            request.log("rewrite", log::Level::error,
                        request.arena.join(
                            {"AH00670: Options FollowSymLinks and SymLinksIfOwnerMatch are both "
                             "off, so the RewriteRule directive is also forbidden due to its "
                             "similar ability to circumvent directory restrictions : ",
                             request.filename}));
            return refuse(403);
        }
        verdict = rewrite_in_directory(request, settings);
    }
    force_type(request);
    return verdict;
}

// Hosts share those of the main server.
Status start_maps(config::Configuration& configuration) {
    for (const auto& server : configuration.servers)
        if (const auto* said = server->server_settings.find<ServerRewrite>())
            for (const auto& map : said->maps)
                if (auto started = map->start(); !started) return started;
    return {};
}

Verdict redirect_internally(Request& request, Responder& responder) {
    if (request.handler_name != redirect_handler || !request.rewrite_notes) return declined;
    return internal_redirect(request, request.rewrite_notes->target, responder);
}

} // namespace

bool rewrite::may_intervene(const Request& request) {
    const auto& directory = request.of<DirectoryRewrite>();
    if (!directory.on.value_or(false)) return false;
    if (!request.of<ServerRewrite>().rules.empty()) return true;
    return std::any_of(directory.rules.begin(), directory.rules.end(),
                       [](const Rule* rule) { return rule->leads_away; });
}

Module rewrite_module() {
    return {
        .name = "rewrite",
        .directives = rewrite::directives(),
        .settings = {config::settings_type<ServerRewrite>(),
                     config::settings_type<DirectoryRewrite>()},
        .hooks = {.post_config = start_maps,
                  .child_init = note_modules,
                  .translate_name = translate_name,
                  .fixups = fixups,
                  .handler = redirect_internally},
    };
}

} // namespace preforkd
