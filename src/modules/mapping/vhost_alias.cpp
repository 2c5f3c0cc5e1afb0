// vhost_alias: a folder for each virtual host, found by the host's name or address.
#include <fmt/format.h>
#include <optional>

#include "base/text.h"
#include "config/configuration.h"
#include "config/directive.h"
#include "modules/modules.h"
#include "pipeline/request.h"
#include "pipeline/server_names.h"

namespace preforkd {

using config::Arguments;
using config::Shape;

namespace {

// Which of several things: the first, the last but one, the second and all that follow.
struct Choice {
    int number = 0; // 0: all; negative: from the end
    bool and_more = false;
};

// A piece of a path: text, then perhaps a part of the name.
struct PathPiece {
    enum class Kind : unsigned char { text, port, name };
    Kind kind = Kind::text;
    std::string text = {};
    Choice part = {};                      // of the name, between dots
    std::optional<Choice> characters = {}; // of that part
};

struct VirtualPath {
    bool by_address = false;
    std::vector<PathPiece> pieces; // none for "none"
};

struct VhostAliasSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const VhostAliasSettings& outer) {
        config::inherit(documents, outer.documents);
        config::inherit(scripts, outer.scripts);
    }
    std::optional<VirtualPath> documents, scripts;
};

// "-2+": takes it off the front of `text`.
std::optional<Choice> take_choice(std::string_view& text) {
    Choice choice;
    const bool from_end = text.starts_with('-');
    if (from_end) text.remove_prefix(1);
    if (text.empty() || !is_digit(text[0])) return {};
    choice.number = from_end ? '0' - text[0] : text[0] - '0';
    text.remove_prefix(1);
    choice.and_more = text.starts_with('+');
    if (choice.and_more) text.remove_prefix(1);
    return choice;
}

// What follows a %.
std::optional<PathPiece> take_piece(std::string_view& text) {
    PathPiece piece;
    if (text.starts_with('%') || text.starts_with('p')) {
        if (text[0] == 'p') piece.kind = PathPiece::Kind::port;
        else piece.text = "%";
        text.remove_prefix(1);
        return piece;
    }
    piece.kind = PathPiece::Kind::name;
    const auto part = take_choice(text);
    if (!part) return {};
    piece.part = *part;
    if (!text.starts_with('.')) return piece;
    text.remove_prefix(1);
    piece.characters = take_choice(text);
    return piece.characters ? std::optional(piece) : std::nullopt;
}

Result<VirtualPath> parse_path(std::string_view text, bool by_address) {
    VirtualPath path{by_address, {}};
    if (iequals(text, "none")) return path;
    if (!text.starts_with('/')) return Error{"format string must be an absolute path, or 'none'"};
    while (!text.empty()) {
        const auto plain = text.substr(0, text.find('%'));
        if (!plain.empty()) {
            PathPiece piece;
            piece.text = plain;
            path.pieces.push_back(std::move(piece));
        }
        text.remove_prefix(plain.size());
        if (text.empty()) break;
        text.remove_prefix(1);
        auto piece = take_piece(text);
        if (!piece) return Error{"syntax error in format string"};
        path.pieces.push_back(std::move(*piece));
    }
    return path;
}

template <auto Field, bool by_address>
Status set_path(VhostAliasSettings& settings, Arguments arguments) {
    auto path = parse_path(arguments[0], by_address);
    if (!path) return path.error();
    settings.*Field = std::move(*path);
    return {};
}

// From the first to the last of `count` things, counted from 1; nothing where there is none.
struct Range {
    std::size_t first, last;
};
std::optional<Range> range_of(const Choice& choice, std::size_t count) {
    if (choice.number == 0) return Range{1, count};
    const bool from_end = choice.number < 0;
    const auto distance = static_cast<std::size_t>(from_end ? -choice.number : choice.number);
    if (distance > count) return {};
    const std::size_t place = from_end ? count - distance + 1 : distance;
    if (!choice.and_more) return Range{place, place};
    return from_end ? Range{1, place} : Range{place, count};
}

std::string_view part_of(std::string_view name, const Choice& choice) {
    const auto parts = split(name, '.');
    const auto range = range_of(choice, parts.size());
    if (!range) return "_";
    const auto& first = parts[range->first - 1];
    const auto& last = parts[range->last - 1];
    return {first.data(), static_cast<std::size_t>(last.data() + last.size() - first.data())};
}

std::string_view characters_of(std::string_view part, const Choice& choice) {
    const auto range = range_of(choice, part.size());
    if (!range) return "_";
    return part.substr(range->first - 1, range->last - range->first + 1);
}

// Names in lower case: folders are called so.
void append_name(std::string& path, std::string_view name, const PathPiece& piece) {
    auto part = part_of(name, piece.part);
    if (piece.characters) part = characters_of(part, *piece.characters);
    path += lower(part);
}

std::string_view folder_of(const Request& request, const VirtualPath& path) {
    const auto name = path.by_address ? request.connection.local_ip : server_name_for(request);
    std::string folder;
    for (const PathPiece& piece : path.pieces) {
        switch (piece.kind) {
        case PathPiece::Kind::text: folder += piece.text; break;
        case PathPiece::Kind::port: folder += std::to_string(server_port_for(request)); break;
        case PathPiece::Kind::name: append_name(folder, name, piece); break;
        }
    }
    if (folder.ends_with('/')) folder.pop_back();
    return request.arena.copy(folder);
}

bool is_said(const std::optional<VirtualPath>& path) { return path && !path->pieces.empty(); }

// Where the request's path begins, for rules and scripts.
void set_root(Request& request, std::string_view prefix, std::string_view folder) {
    request.context_prefix = prefix;
    request.context_root = request.document_root = folder;
}

Verdict translate_name(Request& request) {
    constexpr std::string_view scripts = "/cgi-bin/";
    if (!request.uri.starts_with('/')) return declined;
    const auto& settings = request.of<VhostAliasSettings>();
    Arena& arena = request.arena;
    if (is_said(settings.scripts) && request.uri.starts_with(scripts)) {
        const auto prefix = scripts.substr(0, scripts.size() - 1);
        set_root(request, prefix, folder_of(request, *settings.scripts));
        request.filename = arena.join({request.context_root, request.uri.substr(prefix.size())});
        request.handler_name = "cgi-script";
        request.is_script_alias = true;
        return ok;
    }
    if (!is_said(settings.documents)) return declined;
    set_root(request, {}, folder_of(request, *settings.documents));
    request.filename = arena.join({request.context_root, request.uri});
    return ok;
}

} // namespace

Module vhost_alias_module() {
    using config::edits;
    constexpr unsigned in_servers = config::server_config | config::virtual_host;
    Module module{.name = "vhost_alias"};
    module.directives = {
        {"VirtualScriptAlias", Shape::one, in_servers, 0,
         edits<set_path<&VhostAliasSettings::scripts, false>>,
         "how to create a ScriptAlias based on the host"},
        {"VirtualDocumentRoot", Shape::one, in_servers, 0,
         edits<set_path<&VhostAliasSettings::documents, false>>,
         "how to create the DocumentRoot based on the host"},
        {"VirtualScriptAliasIP", Shape::one, in_servers, 0,
         edits<set_path<&VhostAliasSettings::scripts, true>>,
         "how to create a ScriptAlias based on the host"},
        {"VirtualDocumentRootIP", Shape::one, in_servers, 0,
         edits<set_path<&VhostAliasSettings::documents, true>>,
         "how to create the DocumentRoot based on the host"},
    };
    module.settings.push_back(config::settings_type<VhostAliasSettings>());
    module.hooks.translate_name = translate_name;
    return module;
}

} // namespace preforkd
