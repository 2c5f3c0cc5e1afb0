#include "modules/mapping/rewrite/variable.h"

#include "base/text.h"
#include "modules/mapping/rewrite/rewrite_settings.h"
#include "modules/mapping/rewrite/template.h"
#include "os/environment.h"
#include "pipeline/proxied_name.h"
#include "pipeline/request_variables.h"
#include "pipeline/subrequest.h"

namespace preforkd::rewrite {

namespace {

bool mod_ssl_is_loaded = false;

using Kind = Variable::Kind;

std::string_view server_address(const Request& request) { return request.connection.local_ip; }

// With the minor number, which expressions do not tell.
std::string_view api_version(const Request&) { return "20120211:142"; }

std::string_view owner(const Request& request, std::string_view which) {
    const auto name = find_named(mapping_variables(), which)->read(request);
    return name.empty() ? "<unknown>" : name;
}

std::string_view script_user(const Request& request) { return owner(request, "SCRIPT_USER"); }
std::string_view script_group(const Request& request) { return owner(request, "SCRIPT_GROUP"); }

// What nobody else offers, or offers otherwise.
constexpr NamedVariable own_variables[] = {
    {"API_VERSION", api_version},
    {"SCRIPT_GROUP", script_group},
    {"SCRIPT_USER", script_user},
    {"SERVER_ADDR", server_address},
};

struct NamedField {
    std::string_view variable, field;
};
constexpr NamedField fields[] = {
    {"HTTP_ACCEPT", "Accept"},
    {"HTTP_COOKIE", "Cookie"},
    {"HTTP_FORWARDED", "Forwarded"},
    {"HTTP_HOST", "Host"},
    {"HTTP_REFERER", "Referer"},
    {"HTTP_USER_AGENT", "User-Agent"},
    {"HTTP_PROXY_CONNECTION", "Proxy-Connection"},
};

Variable field_variable(std::string_view name) {
    Variable variable;
    variable.kind = Kind::field;
    variable.field = http::identify_field(name);
    variable.name = name;
    return variable;
}

Variable plain_variable(std::string_view name) {
    for (const auto& [wanted, field] : fields)
        if (iequals(name, wanted)) return field_variable(field);
    for (const auto table : {std::span<const NamedVariable>(own_variables), mapping_variables(),
                             request_variables()}) {
        const auto* found = find_named(table, name);
        if (!found) continue;
        Variable variable;
        variable.kind = Kind::plain;
        variable.read = found->read;
        return variable;
    }
    return {};
}

Variable look_ahead(Kind kind, std::string_view name) {
    Variable variable;
    variable.kind = kind;
    variable.ahead = std::make_shared<const Variable>(find_variable(name));
    return variable;
}

std::string_view value_of_field(const Variable& variable, const Scope& scope) {
    const auto& sent = scope.request.head.fields;
    const auto* value = variable.field == http::FieldId::other ? sent.find(variable.name)
                                                               : sent.find(variable.field);
    if (!value) return {};
    Arena& arena = scope.request.arena;
    // Which host is asked for is part of the URI, and so of every cache's key.
    if (scope.vary && variable.field != http::FieldId::host)
        *scope.vary = scope.vary->empty() ? std::string_view(variable.name)
                                          : arena.join({*scope.vary, ", ", variable.name});
    return variable.field == http::FieldId::other ? sent.combined(variable.name, arena)
                                                  : sent.combined(variable.field, arena);
}

// The path that a request for `uri` would have: rules of a directory see it without its beginning.
std::string_view whole_uri(const Scope& scope) {
    if (scope.directory.empty() || scope.uri.starts_with('/')) return scope.uri;
    if (is_proxied(scope.uri)) return scope.request.uri; // another server's, no path here
    if (const auto& base = scope.request.of<DirectoryRewrite>().base)
        return scope.request.arena.join({*base, base->ends_with('/') ? "" : "/", scope.uri});
    if (scope.request.uri.ends_with(scope.uri)) return scope.request.uri;
    const auto folder = scope.request.uri.substr(0, scope.request.uri.rfind('/') + 1);
    return scope.request.arena.join({folder, scope.uri});
}

std::string_view value_ahead(const Variable& variable, const Scope& scope) {
    Request& request = scope.request;
    if (!may_look_ahead(request)) return {};
    const Request& found = variable.kind == Kind::look_ahead_uri
                               ? look_up_uri(request, whole_uri(scope))
                               : look_up_file(request, scope.uri.substr(scope.uri.rfind('/') + 1));
    Scope there{const_cast<Request&>(found),
                scope.rule_groups,
                scope.condition_groups,
                nullptr,
                scope.uri,
                scope.directory,
                scope.vary};
    return variable.ahead->of(there);
}

} // namespace

std::string_view Variable::of(const Scope& scope) const {
    switch (kind) {
    case Kind::nothing: return {};
    case Kind::plain: return read(scope.request);
    case Kind::field: return value_of_field(*this, scope);
    case Kind::environment: {
        const auto* value = scope.request.find_variable(name);
        return value ? *value : find_in_environment(name.c_str());
    }
    case Kind::ssl: return mod_ssl_is_loaded ? tls->of(scope.request) : std::string_view();
    case Kind::look_ahead_uri:
    case Kind::look_ahead_file: return value_ahead(*this, scope);
    }
    return {};
}

Variable find_variable(std::string_view name) {
    const auto colon = name.find(':');
    if (colon == name.npos) return plain_variable(name);
    const auto kind = name.substr(0, colon);
    const auto rest = name.substr(colon + 1);
    if (iequals(kind, "HTTP")) return field_variable(rest);
    if (iequals(kind, "LA-U")) return look_ahead(Kind::look_ahead_uri, rest);
    if (iequals(kind, "LA-F")) return look_ahead(Kind::look_ahead_file, rest);
    Variable variable;
    variable.name = rest;
    if (iequals(kind, "ENV")) variable.kind = Kind::environment;
    if (iequals(kind, "SSL")) {
        variable.kind = Kind::ssl;
        variable.tls = ssl::find_ssl_variable(rest);
    }
    return variable;
}

void note_modules(const config::Configuration& configuration) {
    mod_ssl_is_loaded = configuration.has_module("ssl_module");
}

} // namespace preforkd::rewrite
