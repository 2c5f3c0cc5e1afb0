#include "modules/proxy/request_text.h"

#include <fmt/format.h>

#include "base/text.h"
#include "modules/proxy/connection_fields.h"
#include "modules/proxy/proxy_settings.h"
#include "modules/proxy/request_content.h"
#include "modules/proxy/via.h"
#include "pipeline/server_names.h"

namespace preforkd::proxy {

using http::FieldId;

namespace {

void append_line(std::pmr::string& text, std::string_view name, std::string_view value) {
    text.append(name).append(": ").append(value).append("\r\n");
}

bool is_said_anew(FieldId id) { return id == FieldId::host || id == FieldId::content_length; }

// A subrequest wants the content, whatever the client has of another.
bool is_condition(FieldId id) {
    switch (id) {
    case FieldId::if_match:
    case FieldId::if_modified_since:
    case FieldId::if_none_match:
    case FieldId::if_range:
    case FieldId::if_unmodified_since: return true;
    default: return false;
    }
}

// What this server has to add to a field that the client may have sent, too.
struct Addition {
    std::string_view name;
    std::string_view value;
    bool is_said = false;
};

struct Additions {
    Addition list[4];
    std::size_t count = 0;
    void add(std::string_view name, std::string_view value) { list[count++] = {name, value}; }
    Addition* find(std::string_view name) {
        for (std::size_t i = 0; i < count; ++i)
            if (list[i].name.size() == name.size() && iequals(list[i].name, name)) return &list[i];
        return nullptr;
    }
};

Additions additions_for(Request& request) {
    Additions additions;
    if (const auto via = via_of(request, request.head.major, request.head.minor); !via.empty())
        additions.add("Via", via);
    // A client that chose its proxy has told the other server what it wants it to know.
    if (request.other_server.is_clients_choice ||
        !request.of<Settings>().adds_fields.value_or(true))
        return additions;
    additions.add("X-Forwarded-For", request.client.ip);
    if (const auto* host = request.head.fields.find(FieldId::host))
        additions.add("X-Forwarded-Host", *host);
    additions.add("X-Forwarded-Server", request.server->name);
    return additions;
}

std::string_view host_for(const Request& request, const Worker& worker) {
    if (!request.of<Settings>().preserves_host.value_or(false)) return worker.url.host_field;
    if (const auto* said = request.head.fields.find(FieldId::host)) return *said;
    const auto& own = request.server->name;
    request.log("proxy", log::Level::warn,
                fmt::format("AH01092: no HTTP 0.9 request (with no host line) on incoming request "
                            "and preserve host set forcing hostname to be {} for uri {}",
                            own, request.uri));
    return own;
}

// Through a tunnel it would reach the server at its end.
std::string_view password_for(const Destination& destination) {
    const auto* remote = destination.remote;
    if (!remote || is_tunnelled(destination.worker, remote)) return {};
    return remote->credentials;
}

// The client's own fields, each name once (RFC 9110 §5.3).
void append_fields(std::pmr::string& text, Request& request, Additions& additions,
                   const Manners& manners, bool has_own_password) {
    const auto& fields = request.head.fields;
    const bool has_options = fields.has(FieldId::connection);
    const bool forgets_via = request.of<ServerSettings>().via == Via::block;
    // Content whose length must be told has come already.
    const bool keeps_expectation = manners.length == Length::if_known &&
                                   request.of<Settings>().forwards_expectation.value_or(true);
    // What has let a client in here is nobody else's.
    const bool keeps_password =
        !has_own_password && (!request.has_user() || request.find_variable("proxy-chain-auth"));
    for (const auto& field : fields) {
        if (is_of_connection(field.id) || is_said_anew(field.id) ||
            iequals(field.name, "Proxy-Connection"))
            continue;
        if (has_options && http::has_connection_option(fields, field.name)) continue;
        if (request.main && is_condition(field.id)) continue;
        if (forgets_via && field.id == FieldId::via) continue;
        if (!keeps_password && field.id == FieldId::proxy_authorization) continue;
        if (!keeps_expectation && field.id == FieldId::expect) continue;
        if (!fields.is_first_of_its_name(field)) continue;
        text.append(field.name).append(": ");
        text.append(field.id != FieldId::other ? fields.combined(field.id, request.arena)
                                               : fields.combined(field.name, request.arena));
        if (auto* addition = additions.find(field.name)) {
            text.append(", ").append(addition->value);
            addition->is_said = true;
        }
        text.append("\r\n");
    }
}

} // namespace

void append_request(std::pmr::string& text, Request& request, const Destination& destination,
                    const Manners& manners, std::string_view upgrade) {
    const auto& framing = destination.content.framing();
    text.reserve(1024);
    text.append(request.head.method_name).append(" ").append(destination.target);
    text.append(manners.is_old ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
    append_line(text, "Host", host_for(request, destination.worker));
    auto additions = additions_for(request);
    const auto password = password_for(destination);
    append_fields(text, request, additions, manners, !password.empty());
    for (std::size_t i = 0; i < additions.count; ++i)
        if (!additions.list[i].is_said)
            append_line(text, additions.list[i].name, additions.list[i].value);
    if (!password.empty()) append_line(text, "Proxy-Authorization", password);
    if (framing.kind == ContentFraming::Kind::length)
        fmt::format_to(std::back_inserter(text), "Content-Length: {}\r\n", framing.length);
    if (framing.kind == ContentFraming::Kind::chunked)
        append_line(text, "Transfer-Encoding", "chunked");
    if (!upgrade.empty()) {
        append_line(text, "Upgrade", upgrade);
        append_line(text, "Connection", "Upgrade");
    } else if (!manners.is_old) {
        append_line(text, "Connection", manners.keeps_connection ? "Keep-Alive" : "close");
    }
    text.append("\r\n");
}

} // namespace preforkd::proxy
