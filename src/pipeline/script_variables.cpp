#include "pipeline/script_variables.h"

#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "http/uri.h"
#include "os/environment.h"
#include "pipeline/request_variables.h"
#include "pipeline/script_settings.h"
#include "pipeline/server_names.h"
#include "pipeline/subrequest.h"

namespace preforkd {

namespace {

using http::FieldId;

// Of the names that the server knows anyway; asked once a process for each.
const NamedVariable& named(std::string_view name) {
    const auto* found = find_named(request_variables(), name);
    return found ? *found : *find_named(mapping_variables(), name);
}

template <std::size_t Count>
using Several = std::array<const NamedVariable*, Count>;

template <class... Names>
Several<sizeof...(Names)> several(Names... names) {
    return {&named(names)...};
}

void copy(Request& request, const NamedVariable& variable) {
    request.set_variable(variable.name, variable.read(request));
}

template <std::size_t Count>
void copy(Request& request, const Several<Count>& variables) {
    for (const auto* variable : variables) copy(request, *variable);
}

void set_if_any(Request& request, std::string_view name, std::string_view value) {
    if (!value.empty()) request.set_variable(name, value);
}

// "X-Own" → "HTTP_X_OWN". Nothing for a name that holds anything else: "X_Own" would pass for
// "X-Own", which whoever stands in front may have looked at, or have set.
std::string_view variable_of_field(std::string_view field, Arena& arena) {
    constexpr std::string_view prefix = "HTTP_";
    auto name = arena.bytes(prefix.size() + field.size());
    prefix.copy(name.data(), prefix.size());
    for (std::size_t i = 0; i < field.size(); ++i) {
        if (!is_alpha(field[i]) && !is_digit(field[i]) && field[i] != '-') return {};
        name[prefix.size() + i] = field[i] == '-' ? '_' : to_upper(field[i]);
    }
    return {name.data(), name.size()};
}

// Passwords are nobody's business but where CGIPassAuth says so, and HTTP_PROXY means something
// else to many programs.
bool is_kept_back(const Request& request, const http::Field& field) {
    const bool tells_password =
        field.id == FieldId::authorization || field.id == FieldId::proxy_authorization;
    if (tells_password) return !request.of<ScriptSettings>().pass_auth.value_or(false);
    return iequals(field.name, "Proxy");
}

void add_fields(Request& request) {
    const auto& fields = request.head.fields;
    for (const auto& field : fields) {
        if (is_kept_back(request, field) || !fields.is_first_of_its_name(field)) continue;
        const auto value = field.id == FieldId::other ? fields.combined(field.name, request.arena)
                                                      : fields.combined(field.id, request.arena);
        if (field.id == FieldId::content_type) request.set_variable("CONTENT_TYPE", value);
        else if (field.id == FieldId::content_length) request.set_variable("CONTENT_LENGTH", value);
        else if (const auto name = variable_of_field(field.name, request.arena); !name.empty())
            request.set_variable(name, value);
    }
}

void add_server(Request& request) {
    if (!request.find_variable("PATH")) {
        const auto path = find_in_environment("PATH");
        request.set_variable("PATH", path.empty() ? "/bin:/usr/bin:/usr/ucb:/usr/bsd:/usr/local/bin"
                                                  : path);
    }
    set_if_any(request, "LD_LIBRARY_PATH", find_in_environment("LD_LIBRARY_PATH"));
    request.set_variable("SERVER_SIGNATURE", signature(request, ""));
    // WordPress and others look for this word before they trust .htaccess files to be read.
    static const auto& software = named("SERVER_SOFTWARE");
    request.set_variable("SERVER_SOFTWARE",
                         request.arena.join({software.read(request), " like Apache"}));
    static const auto &name = named("SERVER_NAME"), &port = named("SERVER_PORT");
    copy(request, name);
    request.set_variable("SERVER_ADDR", request.connection.local_ip);
    copy(request, port);
}

void add_client_and_file(Request& request) {
    static const auto& remote_host = named("REMOTE_HOST");
    if (const auto host = remote_host.read(request); host != request.client.ip)
        set_if_any(request, "REMOTE_HOST", host);
    static const auto others =
        several("REMOTE_ADDR", "DOCUMENT_ROOT", "REQUEST_SCHEME", "CONTEXT_PREFIX",
                "CONTEXT_DOCUMENT_ROOT", "SERVER_ADMIN", "SCRIPT_FILENAME", "REMOTE_PORT");
    copy(request, others);
    if (request.has_user()) request.set_variable("REMOTE_USER", request.user);
    else if (request.previous && request.previous->has_user())
        request.set_variable("REDIRECT_REMOTE_USER", request.previous->user);
    if (request.auth_type.data()) request.set_variable("AUTH_TYPE", request.auth_type);
}

std::string_view whole_url_of(const Request& request) {
    const auto url = absolute_url(request, request.uri);
    return request.has_query ? request.arena.join({url, "?", request.query}) : url;
}

void add_first_request(Request& request) {
    if (!request.previous) return;
    if (request.previous->has_query)
        request.set_variable("REDIRECT_QUERY_STRING", request.previous->query);
    const bool whole = request.of<ScriptSettings>().qualified_redirect_url.value_or(false);
    request.set_variable("REDIRECT_URL",
                         whole ? whole_url_of(*request.previous) : request.previous->uri);
}

// The path of the script, without what follows it.
std::string_view script_name(const Request& request) {
    const auto uri = request.uri, rest = request.path_info;
    if (request.main || rest.empty()) return uri;
    // As much of their ends as is equal (Apache: ap_find_path_info).
    std::size_t left = uri.size(), same = rest.size();
    while (left > 0 && same > 0 && uri[left - 1] == rest[same - 1]) {
        --left;
        --same;
        while (rest[same] == '/' && left > 0 && uri[left - 1] == '/') --left;
    }
    const auto end = uri.find('/', left > 0 ? left - 1 : 0);
    return uri.substr(0, end);
}

void add_path_info(Request& request) {
    if (request.path_info.empty()) return;
    request.set_variable("PATH_INFO", request.path_info);
    const Request& found = look_up_uri(request, http::escape_path(request.path_info));
    if (!found.filename.empty())
        request.set_variable("PATH_TRANSLATED",
                             request.arena.join({found.filename, found.path_info}));
}

// As the client sent it, with its query.
std::string_view target_of(const Request& request) {
    const std::string_view line = request.original().head.request_line;
    const auto begin = line.find(' ');
    if (begin == line.npos) return {};
    return line.substr(begin + 1, line.rfind(' ') - begin - 1);
}

void add_gateway(Request& request) {
    request.set_variable("GATEWAY_INTERFACE", "CGI/1.1");
    static const auto request_line = several("SERVER_PROTOCOL", "REQUEST_METHOD", "QUERY_STRING");
    copy(request, request_line);
    request.set_variable("REQUEST_URI", request.of<ScriptSettings>().current_uri.value_or(false)
                                            ? request.uri
                                            : target_of(request));
    request.set_variable("SCRIPT_NAME", script_name(request));
    add_path_info(request);
}

std::string entry_of(const Variable& variable) {
    std::string entry(variable.name);
    for (char& c : entry)
        if (!is_alpha(c) && (!is_digit(c) || &c == entry.data())) c = '_';
    return entry.append("=").append(variable.value);
}

} // namespace

void add_script_variables(Request& request) {
    constexpr std::size_t usual_count = 40;
    request.let_last_variables_count();
    request.variables.reserve(usual_count);
    add_fields(request);
    add_server(request);
    add_client_and_file(request);
    add_first_request(request);
    add_gateway(request);
}

std::vector<std::string> environment_for_program(const Request& request) {
    std::vector<std::string> environment;
    for (const auto& variable : request.variables) environment.push_back(entry_of(variable));
    if (const auto zone = find_in_environment("TZ"); !zone.empty())
        environment.push_back("TZ=" + std::string(zone));
    return environment;
}

} // namespace preforkd
