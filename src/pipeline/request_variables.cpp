#include "pipeline/request_variables.h"

#include <ctime>
#include <fmt/format.h>

#include "net/client_names.h"
#include "os/identity.h"
#include "pipeline/core_settings.h"
#include "pipeline/host_settings.h"
#include "pipeline/request_processor.h"
#include "pipeline/server_names.h"

namespace preforkd {

namespace {

using http::FieldId;

constexpr std::string_view api_version = "20120211"; // of Apache 2.4's modules

template <FieldId Id>
std::string_view field(const Request& request) {
    return request.head.fields.value_or_empty(Id);
}

std::string_view forwarded(const Request& request) {
    const auto* value = request.head.fields.find("Forwarded");
    return value ? *value : std::string_view();
}

std::string_view proxy_connection(const Request& request) {
    const auto* value = request.head.fields.find("Proxy-Connection");
    return value ? *value : std::string_view();
}

// A part of the request as it stands there.
template <std::string_view Request::*Part>
std::string_view part(const Request& request) {
    return request.*Part;
}

std::string_view protocol(const Request& request) {
    if (request.main) return "INCLUDED";
    if (request.head.simple) return "HTTP/0.9";
    return request.arena.copy(fmt::format("HTTP/{}.{}", request.head.major, request.head.minor));
}

std::string_view remote_host(const Request& request) {
    if (!request.of<CoreServerSettings>().hostname_lookups.value_or(false)) {
        // Require host has asked, perhaps.
        const auto found = net::found_name_of(request.client.address);
        return found.empty() ? request.client.ip : request.arena.copy(found);
    }
    const auto name = net::name_of(request.client.address);
    return name ? request.arena.copy(*name) : request.client.ip;
}

std::string_view remote_address(const Request& request) { return request.client.ip; }

std::string_view connected_address(const Request& request) { return request.connection.client_ip; }

std::string_view remote_identity(const Request&) { return {}; }

std::string_view uri(const Request& request) { return request.path(); }

std::string_view method(const Request& request) { return request.head.method_name; }

std::string_view first_line(const Request& request) { return request.head.request_line; }

std::string_view scheme(const Request& request) { return scheme_of(request); }

std::string_view server_name(const Request& request) { return server_name_for(request); }

std::string_view server_port(const Request& request) {
    return request.arena.copy(fmt::format("{}", server_port_for(request)));
}

std::string_view server_admin(const Request& request) {
    const auto& admin = request.of<HostSettings>().admin;
    return admin ? std::string_view(*admin) : "[no address given]";
}

std::string_view server_software(const Request& request) {
    return request.of<CoreServerSettings>().server_field();
}

std::string_view document_root(const Request& request) {
    return request.processor->document_root(request);
}

std::string_view is_subrequest(const Request& request) { return request.main ? "true" : "false"; }

std::string_view api(const Request&) { return api_version; }

std::tm local_now() {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    return local;
}

std::string_view two_digits(const Request& request, int number) {
    return request.arena.copy(fmt::format("{:02}", number));
}

template <int std::tm::*Part, int Added = 0>
std::string_view time_part(const Request& request) {
    return two_digits(request, local_now().*Part + Added);
}

std::string_view year(const Request& request) {
    return request.arena.copy(fmt::format("{:04}", local_now().tm_year + 1900));
}

std::string_view weekday(const Request& request) {
    return request.arena.copy(fmt::format("{}", local_now().tm_wday));
}

std::string_view whole_time(const Request& request) {
    const std::tm now = local_now();
    return request.arena.copy(fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", now.tm_year + 1900,
                                          now.tm_mon + 1, now.tm_mday, now.tm_hour, now.tm_min,
                                          now.tm_sec));
}

std::string_view https(const Request& request) { return request.connection.tls ? "on" : "off"; }

std::string_view ipv6(const Request& request) {
    return request.connection.client_ip.find(':') == std::string_view::npos ? "off" : "on";
}

// Of the connection: no field tells that of another client.
std::string_view remote_port(const Request& request) {
    const auto& connection = request.connection;
    const auto& client = connection.introduced ? connection.introduced->address : connection.client;
    return request.arena.copy(fmt::format("{}", client.port()));
}

std::string_view context_document_root(const Request& request) {
    return request.context_root.empty() ? document_root(request) : request.context_root;
}

bool is_known(const Storage& storage) {
    return storage.kind != Storage::Kind::unknown && storage.kind != Storage::Kind::missing;
}

std::string_view script_user(const Request& request) {
    if (!is_known(request.storage)) return {};
    return request.arena.copy(name_of_user(request.storage.status.st_uid));
}

std::string_view script_group(const Request& request) {
    if (!is_known(request.storage)) return {};
    return request.arena.copy(name_of_group(request.storage.status.st_gid));
}

constexpr NamedVariable mapping_table[] = {
    {"CONN_REMOTE_ADDR", connected_address},
    {"CONTEXT_DOCUMENT_ROOT", context_document_root},
    {"CONTEXT_PREFIX", part<&Request::context_prefix>},
    {"HTTPS", https},
    {"IPV6", ipv6},
    {"REMOTE_PORT", remote_port},
    {"SCRIPT_GROUP", script_group},
    {"SCRIPT_USER", script_user},
};

constexpr NamedVariable table[] = {
    {"API_VERSION", api},
    {"AUTH_TYPE", part<&Request::auth_type>},
    {"DOCUMENT_ROOT", document_root},
    {"HTTP_ACCEPT", field<FieldId::accept>},
    {"HTTP_COOKIE", field<FieldId::cookie>},
    {"HTTP_FORWARDED", forwarded},
    {"HTTP_HOST", field<FieldId::host>},
    {"HTTP_PROXY_CONNECTION", proxy_connection},
    {"HTTP_REFERER", field<FieldId::referer>},
    {"HTTP_USER_AGENT", field<FieldId::user_agent>},
    {"IS_SUBREQ", is_subrequest},
    {"PATH_INFO", part<&Request::path_info>},
    {"QUERY_STRING", part<&Request::query>},
    {"REMOTE_ADDR", remote_address},
    {"REMOTE_HOST", remote_host},
    {"REMOTE_IDENT", remote_identity},
    {"REMOTE_USER", part<&Request::user>},
    {"REQUEST_FILENAME", part<&Request::filename>},
    {"REQUEST_METHOD", method},
    {"REQUEST_SCHEME", scheme},
    {"REQUEST_URI", uri},
    {"SCRIPT_FILENAME", part<&Request::filename>},
    {"SERVER_ADMIN", server_admin},
    {"SERVER_NAME", server_name},
    {"SERVER_PORT", server_port},
    {"SERVER_PROTOCOL", protocol},
    {"SERVER_SOFTWARE", server_software},
    {"THE_REQUEST", first_line},
    {"TIME", whole_time},
    {"TIME_DAY", time_part<&std::tm::tm_mday>},
    {"TIME_HOUR", time_part<&std::tm::tm_hour>},
    {"TIME_MIN", time_part<&std::tm::tm_min>},
    {"TIME_MON", time_part<&std::tm::tm_mon, 1>},
    {"TIME_SEC", time_part<&std::tm::tm_sec>},
    {"TIME_WDAY", weekday},
    {"TIME_YEAR", year},
};

} // namespace

std::span<const NamedVariable> request_variables() { return table; }
std::span<const NamedVariable> mapping_variables() { return mapping_table; }

const NamedVariable* find_named(std::span<const NamedVariable> variables, std::string_view name) {
    for (const auto& variable : variables)
        if (iequals(variable.name, name)) return &variable;
    return nullptr;
}

} // namespace preforkd
