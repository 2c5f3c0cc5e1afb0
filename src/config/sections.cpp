#include "config/sections.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"
#include "config/host_address.h"
#include "config/paths.h"
#include "config/section_directives.h"
#include "config/words.h"

namespace preforkd::config {

namespace {

Error cannot_occur_in(const Invocation& invocation, std::string_view where) {
    return Error{
        fmt::format("{}> cannot occur within {} section", invocation.directive.name, where)};
}

// Of a host that no ServerName gives a port: its first address's, or the main server's.
unsigned short port_of(const Server& host, const Server& main) {
    const unsigned short own = host.addresses.empty() ? 0 : host.addresses.front().port;
    return own != 0 ? own : main.port;
}

Status virtual_host_section(Invocation& invocation, Arguments arguments) {
    const auto words = split_words(arguments[0]);
    if (words.empty()) return requires_arguments(invocation);
    auto server = std::make_unique<Server>();
    server->is_virtual = true;
    server->place = invocation.node.place;
    for (const auto& word : words) {
        auto addresses = parse_host_addresses(word, invocation.configuration.warnings);
        if (!addresses) return addresses.error();
        server->addresses.insert(server->addresses.end(), addresses->begin(), addresses->end());
    }
    server->port = port_of(*server, invocation.configuration.main_server());
    Server& made = *server;
    invocation.configuration.servers.push_back(std::move(server));
    return apply_content(invocation, {made, made.directory_settings, nullptr, virtual_host});
}

// What a section's line says: a path or a regular expression.
struct Subject {
    std::string text;
    bool is_regex = false;
};

Result<Subject> subject_of(const Invocation& invocation, std::string_view arguments) {
    if (trim(arguments).empty()) return requires_arguments(invocation);
    Subject subject;
    subject.is_regex = iends_with(invocation.directive.name, "Match");
    subject.text = next_word(arguments);
    if (!subject.is_regex && subject.text == "~") {
        subject.is_regex = true;
        subject.text = next_word(arguments);
    }
    if (!trim(arguments).empty())
        return Error{
            fmt::format("Multiple {}> arguments not (yet) supported.", invocation.directive.name)};
    return subject;
}

Status fill(Section& section, const Subject& subject) {
    section.pattern = subject.text;
    if (!subject.is_regex) {
        section.is_glob = has_wildcard(subject.text);
        section.may_mean_files = has_wildcard(subject.text.substr(subject.text.rfind('/') + 1));
        return {};
    }
    auto regex = Regex::compile(subject.text);
    if (!regex) return Error{"Regex could not be compiled"};
    section.regex = std::move(*regex);
    return {};
}

// "/" stays as it is, other folders lose their last slash.
std::string folder_pattern(const Invocation& invocation, const std::string& text) {
    std::string path = normalize_path(invocation.server_relative(text));
    if (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return path;
}

int depth_of(const std::string& pattern) {
    return pattern == "/" ? 0 : static_cast<int>(std::count(pattern.begin(), pattern.end(), '/'));
}

using Sections = std::vector<std::unique_ptr<Section>>;

Status add_section(Invocation& invocation, std::unique_ptr<Section> section, Sections& into) {
    Section& made = *section;
    made.place = invocation.node.place;
    into.push_back(std::move(section));
    const Context context = invocation.in_htaccess ? htaccess : directory;
    return apply_content(invocation, {invocation.server, made.settings, &made, context});
}

Result<std::unique_ptr<Section>> make_section(Invocation& invocation, Arguments arguments,
                                              Section::Kind kind) {
    auto subject = subject_of(invocation, arguments[0]);
    if (!subject) return subject.error();
    auto section = std::make_unique<Section>();
    section->kind = kind;
    if (kind == Section::Kind::directory && !subject->is_regex)
        subject->text = folder_pattern(invocation, subject->text);
    if (auto filled = fill(*section, *subject); !filled) return filled.error();
    if (kind == Section::Kind::directory)
        section->depth = depth_of(section->pattern) +
                         (subject->is_regex && !section->pattern.ends_with('/') ? 1 : 0);
    return section;
}

template <Section::Kind kind, Sections Server::*list>
Status section(Invocation& invocation, Arguments arguments) {
    auto section = make_section(invocation, arguments, kind);
    if (!section) return section.error();
    return add_section(invocation, std::move(*section), invocation.server.*list);
}

constexpr auto directory_section = section<Section::Kind::directory, &Server::directories>;
constexpr auto location_section = section<Section::Kind::location, &Server::locations>;

Status files_section(Invocation& invocation, Arguments arguments) {
    if (invocation.limit) return cannot_occur_in(invocation, "<Limit> or <LimitExcept>");
    Section* outer = invocation.section;
    if (outer && outer->kind == Section::Kind::location)
        return cannot_occur_in(invocation, "<Location>");
    auto section = make_section(invocation, arguments, Section::Kind::files);
    if (!section) return section.error();
    return add_section(invocation, std::move(*section),
                       outer ? outer->files : invocation.server.files);
}

// Whether every method that `outer` covers is one that `inner` covers.
bool covers_all(const MethodLimit& inner, const MethodLimit& outer) {
    if (!outer.except)
        return std::all_of(outer.methods.begin(), outer.methods.end(),
                           [&](const auto& method) { return inner.covers(method); });
    return inner.except && std::none_of(inner.methods.begin(), inner.methods.end(),
                                        [&](const auto& method) { return outer.covers(method); });
}

// Methods that both a limit and the one around it name. Fails where that is none, or changes
// nothing.
Status narrow(MethodLimit& limit, const MethodLimit& outer, std::string_view name) {
    if (covers_all(limit, outer))
        return Error{fmt::format("{}> directive specifies methods already excluded", name)};
    if (limit.except && outer.except) {
        limit.methods.insert(limit.methods.end(), outer.methods.begin(), outer.methods.end());
        return {};
    }
    MethodLimit narrowed{false, {}};
    const auto& listed = limit.except ? outer : limit;
    const auto& other = limit.except ? limit : outer;
    for (const auto& method : listed.methods)
        if (other.covers(method)) narrowed.methods.push_back(method);
    limit = narrowed;
    if (limit.methods.empty())
        return Error{fmt::format("{}> directive excludes all methods", name)};
    return {};
}

Status limit_section(Invocation& invocation, Arguments arguments) {
    MethodLimit limit;
    limit.except = iequals(invocation.directive.name, "<LimitExcept");
    limit.methods = split_words(arguments[0]);
    if (limit.methods.empty()) return requires_arguments(invocation);
    for (auto& method : limit.methods) {
        if (method == "TRACE")
            return Error{fmt::format("TRACE cannot be controlled by {}>, see TraceEnable",
                                     invocation.directive.name)};
        if (method == "HEAD") method = "GET";
    }
    if (invocation.limit)
        if (auto narrowed = narrow(limit, *invocation.limit, invocation.directive.name); !narrowed)
            return narrowed;
    return apply_content(invocation, {invocation.server, invocation.settings, invocation.section,
                                      invocation.context, &limit});
}

constexpr unsigned sections_stand_in = server_config | virtual_host;
constexpr unsigned in_sections = directory | htaccess;
constexpr unsigned access = override_limit | override_auth_config;

const std::array scope_rows{
    Directive{"<VirtualHost", Shape::raw, server_config, override_none, virtual_host_section,
              "Container to map directives to a particular virtual host, takes one or more host "
              "addresses"},
    Directive{"<Directory", Shape::raw, sections_stand_in, override_none, directory_section,
              "Container for directives affecting resources located in the specified directories"},
    Directive{"<DirectoryMatch", Shape::raw, sections_stand_in, override_none, directory_section,
              "Container for directives affecting resources located in the specified directories"},
    Directive{"<Location", Shape::raw, sections_stand_in, override_none, location_section,
              "Container for directives affecting resources accessed through the specified URL "
              "paths"},
    Directive{"<LocationMatch", Shape::raw, sections_stand_in, override_none, location_section,
              "Container for directives affecting resources accessed through the specified URL "
              "paths"},
    Directive{"<Files", Shape::raw, anywhere, override_all, files_section,
              "Container for directives affecting files matching specified patterns"},
    Directive{"<FilesMatch", Shape::raw, anywhere, override_all, files_section,
              "Container for directives affecting files matching specified patterns"},
    Directive{"<Limit", Shape::raw, in_sections, access, limit_section,
              "Container for authentication directives when accessed using specified HTTP methods"},
    Directive{"<LimitExcept", Shape::raw, in_sections, access, limit_section,
              "Container for authentication directives to be applied when any HTTP method other "
              "than those specified is used to access the resource"},
};

} // namespace

std::span<const Directive> scope_directives() { return scope_rows; }

} // namespace preforkd::config
