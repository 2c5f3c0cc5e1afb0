// alias: paths that stand for other files, and paths that lie elsewhere on the web.
#include "modules/mapping/alias/alias.h"

#include <array>

#include "base/text.h"
#include "http/response_writer.h"
#include "http/uri.h"
#include "modules/mapping/alias/alias_settings.h"
#include "modules/modules.h"
#include "pipeline/request.h"
#include "pipeline/server_names.h"

namespace preforkd {

void AliasSettings::inherit_from(const AliasSettings& outer) {
    redirects.append(outer.redirects);
    config::inherit(alias, outer.alias);
    config::inherit(redirect, outer.redirect);
    config::inherit(preserves_path, outer.preserves_path);
    config::inherit(may_be_relative, outer.may_be_relative);
}

std::size_t covered_length(std::string_view uri, std::string_view path) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < path.size();) {
        if (at == uri.size() || uri[at] != path[i]) return 0;
        if (path[i] != '/') {
            ++at;
            ++i;
            continue;
        }
        while (i < path.size() && path[i] == '/') ++i;
        while (at < uri.size() && uri[at] == '/') ++at;
    }
    const bool ends_within_segment = at < uri.size() && uri[at] != '/' && !path.ends_with('/');
    return ends_within_segment ? 0 : at;
}

namespace {

using Groups = std::array<std::string_view, 10>;

bool matches(const AliasEntry& entry, std::string_view uri) {
    return entry.regex ? entry.regex->matches(uri) : covered_length(uri, entry.path) > 0;
}

// Brackets are those of an IPv6 address.
std::string escape_authority(std::string_view authority) {
    std::string escaped;
    for (const char c : authority)
        if (c == '[' || c == ']') escaped += c;
        else escaped += http::escape_path({&c, 1});
    return escaped;
}

// What a client's request went into: everything before its query is percent-encoded.
std::string escape_before_query(std::string_view url) {
    const auto end = std::min(url.find_first_of("?#"), url.size());
    const auto scheme = url.find("://");
    const auto path = scheme < end ? std::min(url.find('/', scheme + 3), end) : 0;
    return escape_authority(url.substr(0, path)) +
           http::escape_path(url.substr(path, end - path)).append(url.substr(end));
}

// Where `entry` leads from `uri`, or nothing when it does not match.
std::optional<std::string_view> target_of(const AliasEntry& entry, std::string_view uri,
                                          Arena& arena) {
    const bool is_redirect = entry.status != 0;
    if (entry.regex) {
        Groups groups{};
        if (!entry.regex->match(uri, groups)) return std::nullopt;
        const auto target = substitute_groups(entry.target, groups);
        return arena.copy(is_redirect ? escape_before_query(target) : target);
    }
    const auto covered = covered_length(uri, entry.path);
    if (covered == 0) return std::nullopt;
    const auto rest = uri.substr(covered);
    if (is_redirect) return arena.join({entry.target, http::escape_path(rest)});
    return arena.join({entry.target, rest});
}

bool has_scheme(std::string_view url) {
    const auto colon = url.find(':');
    return colon != std::string_view::npos && colon > 0 && url.find('/') > colon;
}

bool has_control_characters(std::string_view text) {
    for (char c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
    return false;
}

Verdict redirect(Request& request, int status, std::string_view target) {
    if (!http::can_be_configured(status)) return refuse(500);
    if (!is_redirect_status(status)) return refuse(status);
    const bool stays_relative =
        request.of<AliasSettings>().may_be_relative.value_or(false) && target.starts_with('/');
    if (target.starts_with('/') && !stays_relative) target = absolute_url(request, target);
    if ((!stays_relative && !has_scheme(target)) || has_control_characters(target)) {
        request.log("alias", log::Level::error,
                    request.arena.join({"AH00674: cannot redirect '", request.uri, "' to '", target,
                                        "'; target is not a valid absoluteURI or abs_path"}));
        return refuse(500);
    }
    if (request.has_query && target.find('?') == std::string_view::npos)
        target = request.arena.join({target, "?", request.query});
    request.response.fields.set(http::FieldId::location, target);
    return refuse(status);
}

// Declined when no line of `redirects` matches.
Verdict redirect_by(const Entries<AliasEntry>& redirects, Request& request) {
    for (const auto* entry : redirects) {
        if (const auto target = target_of(*entry, request.uri, request.arena))
            return redirect(request, entry->status, *target);
    }
    return declined;
}

// The form without a path: "Redirect http://…/" in a <Location>.
Verdict redirect_location(Request& request) {
    const auto& said = request.of<AliasSettings>().redirect;
    if (!said) return declined;
    if (!said->target) return redirect(request, said->status, {});
    const auto target = escape_before_query(said->target->text_or_logs(request, "alias"));
    return redirect(request, said->status, request.arena.copy(target));
}

// Declined when the target climbs above the root.
Verdict map_to(Request& request, std::string_view target, bool is_script) {
    if (target.find("//") != std::string_view::npos ||
        target.find("/.") != std::string_view::npos) {
        const auto tidied = http::normalize_path(target, true, request.arena);
        if (!tidied) return declined;
        target = *tidied;
    }
    request.filename = target;
    if (is_script) {
        request.handler_name = "cgi-script";
        request.is_script_alias = true;
    }
    return ok;
}

void set_context(Request& request, const AliasEntry& entry) {
    request.context_prefix = entry.path;
    request.context_root = entry.target;
}

Verdict map_location(Request& request) {
    const auto& settings = request.of<AliasSettings>();
    if (!settings.alias) return declined;
    std::string_view target = settings.alias->target.text_or_logs(request, "alias");
    const auto covered = covered_length(request.uri, settings.alias->location);
    // A section whose path is a pattern covers nothing that could be told from the rest.
    if (settings.preserves_path.value_or(false) && covered > 0) {
        request.context_prefix = settings.alias->location;
        request.context_root = target;
        target = request.arena.join({target, request.uri.substr(covered)});
    }
    return map_to(request, target, settings.alias->is_script);
}

Verdict translate_name(Request& request) {
    if (!request.uri.starts_with('/')) return declined;
    const auto& server = request.of<AliasServerSettings>();
    if (auto verdict = redirect_location(request); !verdict.is_declined()) return verdict;
    if (auto verdict = redirect_by(server.redirects, request); !verdict.is_declined())
        return verdict;
    if (auto verdict = map_location(request); !verdict.is_declined()) return verdict;
    for (const auto* entry : server.aliases) {
        if (const auto target = target_of(*entry, request.uri, request.arena)) {
            if (!entry->regex) set_context(request, *entry);
            return map_to(request, *target, entry->is_script);
        }
    }
    return declined;
}

// What sections inside directories say is known only now.
Verdict fixups(Request& request) {
    if (auto verdict = redirect_location(request); !verdict.is_declined()) return verdict;
    return redirect_by(request.of<AliasSettings>().redirects, request);
}

// Without a module that runs scripts, Apache would send the source of one to the client.
Verdict refuse_source(Request& request, Responder&) {
    if (!request.is_script_alias || request.handler_name != "cgi-script") return declined;
    if (request.storage.kind == Storage::Kind::missing) return declined; // 404 as for any file
    request.log(
        "alias", log::Level::error,
        request.arena.join({"no module runs the script of a ScriptAlias: ", request.filename}));
    return refuse(403);
}

const AliasEntry* first_match(const Entries<AliasEntry>& entries, std::string_view uri) {
    for (const auto* entry : entries)
        if (matches(*entry, uri)) return entry;
    return nullptr;
}

} // namespace

bool maps_elsewhere(const Request& request, std::string_view uri) {
    const auto& directory = request.of<AliasSettings>();
    if (directory.alias || directory.redirect || !directory.redirects.empty()) return true;
    const auto& server = request.of<AliasServerSettings>();
    if (first_match(server.redirects, uri)) return true;
    const auto* alias = first_match(server.aliases, uri);
    return alias != first_match(server.aliases, request.uri) || (alias && alias->regex);
}

Module alias_module() {
    return {
        .name = "alias",
        .directives = alias_directives(),
        .settings = {config::settings_type<AliasServerSettings>(),
                     config::settings_type<AliasSettings>()},
        .hooks = {.translate_name = translate_name, .fixups = fixups, .handler = refuse_source},
    };
}

} // namespace preforkd
