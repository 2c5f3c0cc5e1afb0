#include "modules/proxy/response_fields.h"

#include <ctime>

#include "base/text.h"
#include "http/date.h"
#include "modules/proxy/connection_fields.h"
#include "modules/proxy/interpolation.h"
#include "modules/proxy/proxy_settings.h"
#include "modules/proxy/request_text.h"
#include "modules/proxy/via.h"
#include "pipeline/server_names.h"

namespace preforkd::proxy {

using http::FieldId;

namespace {

bool is_url(std::string_view text) {
    const auto colon = text.find(':');
    return colon != text.npos && colon > 0 && text.find('/') > colon;
}

// A value of "name=value" among the attributes of a cookie, or nothing.
std::string_view attribute(std::string_view cookie, std::string_view name) {
    for (auto semicolon = cookie.find(';'); semicolon != cookie.npos;
         semicolon = cookie.find(';', semicolon + 1)) {
        const auto rest = cookie.substr(semicolon + 1);
        const auto piece = trim(rest.substr(0, rest.find(';')));
        if (piece.size() <= name.size() || piece[name.size()] != '=' || !istarts_with(piece, name))
            continue;
        return piece.substr(name.size() + 1);
    }
    return {};
}

std::string_view with_replaced(Arena& arena, std::string_view text, std::string_view part,
                               std::string_view replacement) {
    const auto at = static_cast<std::size_t>(part.data() - text.data());
    return arena.join({text.substr(0, at), replacement, text.substr(at + part.size())});
}

std::string_view real_of(const Request& request, const Reversal& reversal) {
    return interpolated(request, reversal.real, reversal.interpolates);
}

std::string_view shown_of(const Request& request, const Reversal& reversal) {
    return interpolated(request, reversal.shown, reversal.interpolates);
}

std::string_view reversed_cookie(Request& request, std::string_view cookie) {
    const auto& settings = request.of<Settings>();
    if (const auto path = attribute(cookie, "path"); !path.empty())
        for (const auto* reversal : settings.cookie_paths)
            if (path.starts_with(real_of(request, *reversal))) {
                cookie = with_replaced(request.arena, cookie, path, shown_of(request, *reversal));
                break;
            }
    if (const auto domain = attribute(cookie, "domain"); !domain.empty())
        for (const auto* reversal : settings.cookie_domains)
            if (iequals(domain, real_of(request, *reversal)))
                return with_replaced(request.arena, cookie, domain, shown_of(request, *reversal));
    return cookie;
}

void take_other_field(Request& request, const http::Field& field) {
    auto& fields = request.response.fields;
    auto& settings = request.of<Settings>();
    if (iequals(field.name, "Proxy-Connection") || iequals(field.name, "Proxy-Authenticate"))
        return;
    const bool is_cookie = iequals(field.name, "Set-Cookie");
    if (is_cookie && !(settings.cookie_paths.empty() && settings.cookie_domains.empty()))
        fields.add(field.id, field.name, reversed_cookie(request, field.value));
    else if (iequals(field.name, "URI") || iequals(field.name, "Destination"))
        fields.add(field.id, field.name, reversed_url(request, field.value));
    else fields.add(field.id, field.name, field.value);
}

// Dates in the forms of old become what RFC 9110 §5.6.7 asks for. Not "01-Jan-70", which means long
// ago, but where a year has two digits could be one to come.
std::string_view usual_date(Arena& arena, std::string_view said) {
    constexpr std::time_t forty_years = 40L * 365 * 24 * 60 * 60;
    const auto when = http::parse_date(said);
    if (!when || *when > std::time(nullptr) + forty_years) return said;
    const auto date = http::format_date(*when);
    const std::string_view text(date.data(), date.size());
    return text == said ? said : arena.copy(text);
}

void take_field(Request& request, const http::Field& field) {
    auto& response = request.response;
    switch (field.id) {
    case FieldId::content_length: break; // what it says is known
    case FieldId::content_type:
        response.content_type = field.value;
        response.charset = {};
        response.fields.set(field.id, field.name, field.value);
        break;
    case FieldId::location:
    case FieldId::content_location:
        response.fields.add(field.id, field.name, reversed_url(request, field.value));
        break;
    case FieldId::date:
    case FieldId::expires:
    case FieldId::last_modified:
        response.fields.add(field.id, field.name, usual_date(request.arena, field.value));
        break;
    case FieldId::other: take_other_field(request, field); break;
    default: response.fields.add(field.id, field.name, field.value);
    }
}

void add_via(Request& request, const http::ReceivedHead& head) {
    auto& fields = request.response.fields;
    if (request.of<ServerSettings>().via == Via::block) fields.remove(FieldId::via);
    const auto own = via_of(request, 1, head.minor);
    if (own.empty()) return;
    const auto said = fields.combined(FieldId::via, request.arena);
    fields.set(FieldId::via, said.empty() ? own : request.arena.join({said, ", ", own}));
}

// What follows the part of a balancer's URL that a member has said; its slash belongs to it where
// the path that is shown has none at its end.
std::optional<std::string_view> rest_of_member(const Request& request, const Balancer& balancer,
                                               std::string_view real, std::string_view shown,
                                               std::string_view url) {
    const bool has_slash = shown.ends_with('/');
    auto path = real.substr(std::min(balancer.name.size(), real.size()));
    if (path == "/" && !has_slash) path = {};
    for (const auto& member : balancer.members) {
        const auto begin = url_at(*member, path, request.arena);
        if (!istarts_with(url, begin)) continue;
        return url.substr(begin.size() - (begin.ends_with('/') && !has_slash));
    }
    return std::nullopt;
}

// What of `url` is behind that which the reversal is about; nothing where it is about another.
std::optional<std::string_view> rest_of(const Request& request, const Reversal& reversal,
                                        std::string_view url) {
    const auto real = real_of(request, reversal);
    if (const auto* balancer = find_balancer(request.of<ServerSettings>(), real))
        return rest_of_member(request, *balancer, real, shown_of(request, reversal), url);
    // A path is looked for on whatever host.
    const auto part = real.starts_with('/') && is_url(url) ? path_of(url) : url;
    if (!istarts_with(part, real)) return std::nullopt;
    return part.substr(real.size());
}

// The page of an error that this server would not take from another keeps the error's status.
void take_status(Request& request, const http::ReceivedHead& head) {
    auto& response = request.response;
    const bool is_page =
        response.status != 200 && head.has_content() && overrides(request, response.status);
    if (!is_page) response.status = head.status;
    response.reason = is_page ? std::string_view() : head.reason;
}

} // namespace

std::string_view reversed_url(Request& request, std::string_view url) {
    for (const auto* reversal : request.of<Settings>().reversals) {
        const auto rest = rest_of(request, *reversal, url);
        if (!rest) continue;
        const auto shown = request.arena.join({shown_of(request, *reversal), *rest});
        return is_url(shown) ? shown : absolute_url(request, shown);
    }
    return url;
}

void shape_response(Request& request, const http::ReceivedHead& head) {
    auto& response = request.response;
    take_status(request, head);
    response.fields.clear(); // of the way here; the other server knows what its answer depends on
    const bool has_options = head.fields.has(FieldId::connection);
    for (const auto& field : head.fields) {
        if (is_of_connection(field.id)) continue;
        if (has_options && http::has_connection_option(head.fields, field.name)) continue;
        if (field.id == FieldId::content_length && head.content_length && !response.length &&
            !head.chunked && head.has_content())
            promise_length(response, request.arena, *head.content_length);
        else take_field(request, field);
    }
    add_via(request, head);
}

void keep_of_overridden(Request& request, const http::ReceivedHead& head) {
    for (const auto& field : head.fields) {
        const bool is_kept = (head.status == 401 && field.id == FieldId::www_authenticate) ||
                             (head.status == 405 && field.id == FieldId::allow);
        if (is_kept) request.response.error_fields.add(field.id, field.name, field.value);
    }
}

bool overrides(const Request& request, int status) {
    const auto& settings = request.of<Settings>();
    if (!settings.overrides_errors.value_or(false)) return false;
    if (settings.overridden)
        return static_cast<std::size_t>(status) < settings.overridden->size() &&
               settings.overridden->test(static_cast<std::size_t>(status));
    return status >= 400 && status < 600;
}

} // namespace preforkd::proxy
