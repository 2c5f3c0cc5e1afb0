#include "modules/proxy/canonical_url.h"

#include <fmt/format.h>

#include "base/text.h"
#include "http/sendable.h"
#include "http/uri.h"
#include "modules/proxy/backend_url.h"
#include "modules/proxy/destination.h"
#include "pipeline/core_settings.h"
#include "pipeline/proxied_name.h"

namespace preforkd::proxy {

namespace {

bool is_plain(char c) {
    return is_alpha(c) || is_digit(c) ||
           std::string_view("~$-_.+!*'(),;:@&=/").find(c) != std::string_view::npos;
}

// The one escape that AllowEncodedSlashes NoDecode has left in a path.
bool is_escaped_slash(std::string_view text) { return istarts_with(text, "%2f"); }

// RFC 3986 §2.1. With `keeps_slashes` an escaped slash stays one.
std::string_view encoded_path(Arena& arena, std::string_view path, bool keeps_slashes) {
    if (std::all_of(path.begin(), path.end(), is_plain)) return path;
    constexpr std::string_view digits = "0123456789ABCDEF";
    auto room = arena.bytes(path.size() * 3);
    char* end = room.data();
    for (std::size_t at = 0; at < path.size(); ++at) {
        const char c = path[at];
        if (is_plain(c) || (keeps_slashes && is_escaped_slash(path.substr(at)))) {
            *end++ = c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        *end++ = '%';
        *end++ = digits[byte >> 4];
        *end++ = digits[byte & 15];
    }
    return {room.data(), static_cast<std::size_t>(end - room.data())};
}

// The part of a FastCGI application's path that its script is not (the variable
// proxy-fcgi-pathinfo): what follows the first or last name with a dot, or all of it. The
// application gets the whole path beside it.
void find_path_info(Request& request, std::string_view path) {
    const auto* how = request.find_variable("proxy-fcgi-pathinfo");
    if (!how) return;
    const bool first = iequals(*how, "first-dot"), last = iequals(*how, "last-dot");
    if (!first && !last) {
        request.path_info = request.arena.join({"/", path});
        return;
    }
    const auto dot = first ? path.find('.') : path.rfind('.');
    const auto slash = dot == std::string_view::npos ? std::string_view::npos : path.find('/', dot);
    if (slash == std::string_view::npos) return;
    request.path_info = request.arena.copy(path.substr(slash));
}

bool has_space_or_control(std::string_view text) {
    for (const char c : text)
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return true;
    return false;
}

Verdict refuse_characters(const Request& request, Scheme scheme, bool in_query) {
    if (scheme == Scheme::fcgi)
        request.log("proxy_fcgi", log::Level::error,
                    "AH10414: To be forwarded path contains control characters");
    else if (in_query)
        request.log("proxy_http", log::Level::error,
                    "AH10408: To be forwarded query string contains control characters or spaces");
    else
        request.log("proxy_http", log::Level::error,
                    "AH10415: To be forwarded path contains control characters or spaces");
    return refuse(403);
}

// Where a ProxyPass lacks its last slash, a client's path becomes part of the port.
Verdict refuse_url(Request& request, std::string_view url, const Error& error) {
    if (error.code == log::cause_no_such_host) {
        const auto host = url.substr(0, path_begin(url));
        return refuse_with_reason(
            request, 500,
            request.arena.join({"DNS lookup failure for: ", host.substr(host.find("://") + 3)}),
            error.code);
    }
    request.log("proxy_http", log::Level::error,
                fmt::format("AH01083: error parsing URL {}: {}", url, error.what));
    return refuse(400);
}

} // namespace

Verdict complete_url(Request& request) {
    const auto url = proxied_url(request.filename);
    // Logs, and php-fpm, know the file by its URL without the socket.
    if (const auto plain = without_socket(url); plain.size() < url.size())
        request.other_server.socket = url.substr(5, url.size() - plain.size() - 6);
    const auto parts = parse_backend_url(without_socket(url));
    if (!parts) return refuse_url(request, url, parts.error());
    auto path = std::string_view(parts->path);
    if (path.starts_with('/')) path.remove_prefix(1);
    const bool is_fcgi = parts->scheme == Scheme::fcgi;
    if (is_fcgi) find_path_info(request, path);
    // SetHandler: the name of a script's file, which is no part of a URL.
    if (is_fcgi && is_proxied(request.handler_name)) {
        if (path.find('?') != std::string_view::npos || !http::is_sendable(path))
            return refuse_characters(request, parts->scheme, false);
        request.filename = request.arena.join(
            {proxied_prefix, parts->scheme_name, "://", parts->host_field, "/", path});
        return ok;
    }
    std::string_view query;
    if (!request.other_server.keeps_url) {
        path = encoded_path(request.arena, path,
                            encoded_slashes_of(*request.server) == http::EncodedSlashes::keep);
        if (request.has_query && !is_fcgi) query = request.query;
    }
    if (has_space_or_control(path)) return refuse_characters(request, parts->scheme, false);
    if (has_space_or_control(query)) return refuse_characters(request, parts->scheme, true);
    const bool has_query = query.data() != nullptr;
    request.filename =
        request.arena.join({proxied_prefix, parts->scheme_name, "://", parts->host_field, "/", path,
                            has_query ? "?" : "", query});
    return ok;
}

} // namespace preforkd::proxy
