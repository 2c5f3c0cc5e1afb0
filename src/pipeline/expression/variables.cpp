// The variables of expressions: %{REQUEST_URI}, %{HTTP_USER_AGENT}, %{SSL_PROTOCOL}.
#include <ctime>
#include <fmt/format.h>

#include "base/text.h"
#include "pipeline/expression/functions.h"
#include "pipeline/expression/module_names.h"
#include "pipeline/request_variables.h"

namespace preforkd::expression {

namespace {

std::string_view content_type(const Request& request) { return request.response.content_type; }

// Where no handler is named, the type chooses.
std::string_view handler(const Request& request) {
    return request.handler_name.empty() ? request.response.content_type : request.handler_name;
}

std::string_view last_modified(const Request& request) {
    if (request.storage.kind == Storage::Kind::missing) return {};
    std::tm local{};
    ::localtime_r(&request.storage.status.st_mtime, &local);
    return request.arena.copy(fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", local.tm_year + 1900,
                                          local.tm_mon + 1, local.tm_mday, local.tm_hour,
                                          local.tm_min, local.tm_sec));
}

std::string_view status(const Request& request) {
    return request.arena.copy(fmt::format("{}", request.response.status));
}

std::string_view http2(const Request&) { return "off"; }

// This server gives its requests and connections no names for the log.
std::string_view nothing(const Request&) { return {}; }

constexpr NamedVariable own_variables[] = {
    {"CONN_LOG_ID", nothing},   {"CONTENT_TYPE", content_type},   {"HANDLER", handler},
    {"HTTP2", http2},           {"LAST_MODIFIED", last_modified}, {"REQUEST_LOG_ID", nothing},
    {"REQUEST_STATUS", status},
};

struct FieldVariable {
    std::string_view variable, field;
};
constexpr FieldVariable field_variables[] = {
    {"HTTP_ACCEPT", "Accept"},
    {"HTTP_COOKIE", "Cookie"},
    {"HTTP_FORWARDED", "Forwarded"},
    {"HTTP_HOST", "Host"},
    {"HTTP_PROXY_CONNECTION", "Proxy-Connection"},
    {"HTTP_REFERER", "Referer"},
    {"HTTP_USER_AGENT", "User-Agent"},
};

} // namespace

void offer_names_of(const std::vector<Module>& modules) { offering_modules = &modules; }

std::string_view field_of_variable(std::string_view name) {
    for (const auto& known : field_variables)
        if (iequals(known.variable, name)) return known.field;
    return {};
}

VariableReader find_variable(std::string_view name, const config::Configuration& configuration) {
    std::string capitals(name);
    for (char& c : capitals) c = to_upper(c);
    if (capitals == "DOCUMENT_URI") capitals = "REQUEST_URI";
    for (const auto table :
         {std::span<const NamedVariable>(own_variables), mapping_variables(), request_variables()})
        if (const auto* found = find_named(table, capitals)) return found->read;
    return find_in_modules<&Module::expression_variable>(capitals, configuration);
}

ListFunction find_list_function(std::string_view name, const config::Configuration& configuration) {
    return find_in_modules<&Module::expression_list>(name, configuration);
}

} // namespace preforkd::expression
