#include "pipeline/error_page.h"

#include <fmt/format.h>

#include "base/text.h"
#include "pipeline/content_settings.h"
#include "pipeline/core_settings.h"
#include "pipeline/host_settings.h"
#include "pipeline/server_names.h"

namespace preforkd {

namespace {

struct Text {
    int status;
    std::string_view text;
};

// Statuses whose text is always the same.
constexpr Text fixed_texts[] = {
    {305, "<p>This resource is only accessible through the proxy\n"
          "<br />\n"
          "You will need to configure your client to use that proxy.</p>\n"},
    {401, "<p>This server could not verify that you\n"
          "are authorized to access the document\n"
          "requested.  Either you supplied the wrong\n"
          "credentials (e.g., bad password), or your\n"
          "browser doesn't understand how to supply\n"
          "the credentials required.</p>\n"},
    {404, "<p>The requested URL was not found on this server.</p>\n"},
    {407, "<p>This server could not verify that you\n"
          "are authorized to access the document\n"
          "requested.  Either you supplied the wrong\n"
          "credentials (e.g., bad password), or your\n"
          "browser doesn't understand how to supply\n"
          "the credentials required.</p>\n"},
    {408, "<p>Server timeout waiting for the HTTP request from the client.</p>\n"},
    {410, "<p>The requested resource is no longer available on this server and there is no "
          "forwarding address.\n"
          "Please remove all references to this resource.</p>\n"},
    {412, "<p>The precondition on the request for this URL evaluated to false.</p>\n"},
    {415, "<p>The supplied request data is not in a format\n"
          "acceptable for processing by this resource.</p>\n"},
    {416, "<p>None of the range-specifier values in the Range\n"
          "request-header field overlap the current extent\n"
          "of the selected resource.</p>\n"},
    {421, "<p>The client needs a new connection for this\n"
          "request as the requested host name does not match\n"
          "the Server Name Indication (SNI) in use for this\n"
          "connection.</p>\n"},
    {422, "<p>The server understands the media type of the\n"
          "request entity, but was unable to process the\n"
          "contained instructions.</p>\n"},
    {423, "<p>The requested resource is currently locked.\n"
          "The lock must be released or proper identification\n"
          "given before the method can be applied.</p>\n"},
    {424, "<p>The method could not be performed on the resource\n"
          "because the requested action depended on another\n"
          "action and that other action failed.</p>\n"},
    {426, "<p>The requested resource can only be retrieved\n"
          "using SSL.  The server is willing to upgrade the current\n"
          "connection to SSL, but your client doesn't support it.\n"
          "Either upgrade your client, or try requesting the page\n"
          "using https://\n"},
    {428, "<p>The request is required to be conditional.</p>\n"},
    {429, "<p>The user has sent too many requests\n"
          "in a given amount of time.</p>\n"},
    {431, "<p>The server refused this request because\n"
          "the request header fields are too large.</p>\n"},
    {451, "<p>Access to this URL has been denied for legal reasons.<br />\n</p>\n"},
    {502, "<p>The proxy server received an invalid\r\n"
          "response from an upstream server.<br />\r\n</p>\n"},
    {503, "<p>The server is temporarily unable to service your\n"
          "request due to maintenance downtime or capacity\n"
          "problems. Please try again later.</p>\n"},
    {504, "<p>The gateway did not receive a timely response\n"
          "from the upstream server or application.</p>\n"},
    {506, "<p>A variant for the requested resource\n"
          "<pre>\n\n</pre>\n"
          "is itself a negotiable resource. This indicates a configuration error.</p>\n"},
    {507, "<p>The method could not be performed on the resource\n"
          "because the server is unable to store the\n"
          "representation needed to successfully complete the\n"
          "request.  There is insufficient free space left in\n"
          "your storage allocation.</p>\n"},
    {508, "<p>The server terminated an operation because\n"
          "it encountered an infinite loop.</p>\n"},
    {510, "<p>A mandatory extension policy in the request is not\n"
          "accepted by the server for this resource.</p>\n"},
    {511, "<p>The client needs to authenticate to gain\n"
          "network access.</p>\n"},
};

std::string_view escaped(Arena& arena, std::string_view text) {
    return arena.copy(escape_html(text));
}

std::string_view internal_error(Request& request) {
    const auto& admin = request.of<HostSettings>().admin;
    return request.arena.join({"<p>The server encountered an internal error or\n"
                               "misconfiguration and was unable to complete\n"
                               "your request.</p>\n"
                               "<p>Please contact the server administrator at \n ",
                               escaped(request.arena, admin ? *admin : "[no address given]"),
                               " to inform them of the time this error occurred,\n"
                               " and the actions you performed just before this error.</p>\n"
                               "<p>More information about this error may be available\n"
                               "in the server error log.</p>\n"});
}

std::string_view unmet_expectation(Request& request) {
    const auto expectation = request.head.fields.combined(http::FieldId::expect, request.arena);
    if (expectation.empty())
        return "<p>No expectation was seen, the Expect request-header \n"
               "field was not presented by the client.\n"
               "</p><p>Only the 100-continue expectation is supported.</p>\n";
    return request.arena.join(
        {"<p>The expectation given in the Expect request-header\n"
         "field could not be met by this server.\n"
         "The client sent<pre>\n    Expect: ",
         escaped(request.arena, expectation),
         "\n</pre>\n</p><p>Only the 100-continue expectation is supported.</p>\n"});
}

std::string_view location_of(Request& request) {
    return escaped(request.arena, request.response.fields.value_or_empty(http::FieldId::location));
}

// What depends on the request.
std::string_view told_text(Request& request, int status) {
    Arena& arena = request.arena;
    const auto method = escaped(arena, request.head.method_name);
    const auto notes = request.error_notes;
    switch (status) {
    case 300: return notes;
    case 406:
        return arena.join({"<p>An appropriate representation of the requested resource could not "
                           "be found on this server.</p>\n",
                           notes});
    case 301:
    case 302:
    case 307:
    case 308:
        return arena.join(
            {"<p>The document has moved <a href=\"", location_of(request), "\">here</a>.</p>\n"});
    case 303:
        return arena.join({"<p>The answer to your request is located <a href=\"",
                           location_of(request), "\">here</a>.</p>\n"});
    case 400:
        return arena.join({"<p>Your browser sent a request that this server could not "
                           "understand.<br />\n",
                           notes, "</p>\n"});
    case 403:
        return arena.join(
            {"<p>You don't have permission to access this resource.", notes, "</p>\n"});
    case 405:
        return arena.join(
            {"<p>The requested method ", method, " is not allowed for this URL.</p>\n"});
    case 411:
        return arena.join({"<p>A request of the requested method ", method,
                           " requires a valid Content-length.<br />\n", notes, "</p>\n"});
    case 413:
        return arena.join({"The requested resource does not allow request data with ", method,
                           " requests, or the amount of data provided in\n"
                           "the request exceeds the capacity limit.\n"});
    case 414:
        return arena.join({"<p>The requested URL's length exceeds the capacity\n"
                           "limit for this server.<br />\n",
                           notes, "</p>\n"});
    case 417: return unmet_expectation(request);
    case 501:
        return arena.join(
            {"<p>", method, " not supported for current URL.<br />\n", notes, "</p>\n"});
    default: return internal_error(request);
    }
}

// What the proxy has to say of a response that it could not get.
std::string_view proxy_text(Request& request, int status) {
    const auto notes = request.error_notes;
    if (status == 502)
        return request.arena.join({"<p>The proxy server received an invalid\r\n"
                                   "response from an upstream server.<br />\r\n",
                                   notes, "</p>\n"});
    if (status == 400 || status == 403) return told_text(request, status);
    return request.arena.join({notes, "<p />\n"});
}

std::string_view text_of(Request& request, int status) {
    if (request.response.reason == proxy_reason) return proxy_text(request, status);
    for (const auto& fixed : fixed_texts)
        if (fixed.status == status) return fixed.text;
    return told_text(request, status);
}

std::string_view told_of_both(Request& request, int second) {
    return request.arena.copy(
        fmt::format("<p>Additionally, a {} {}\n"
                    "error was encountered while trying to use an ErrorDocument to handle the "
                    "request.</p>\n",
                    second, http::reason_phrase(second)));
}

} // namespace

std::string_view error_page(Request& request, int status, int second) {
    auto heading = http::reason_phrase(status);
    // Another server has called it something else.
    const std::string told = escape_html(request.response.reason);
    if (!told.empty()) heading = told;
    if (heading.empty()) heading = "Internal Server Error";
    const fmt::format_int number(status);
    return request.arena.join({"<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\" "
                               "\"http://www.w3.org/TR/html4/strict.dtd\">\n"
                               "<html><head>\n<title>",
                               std::string_view(number.data(), number.size()), " ", heading,
                               "</title>\n</head><body>\n<h1>", heading, "</h1>\n",
                               text_of(request, status),
                               second != 0 ? told_of_both(request, second) : std::string_view(),
                               signature(request, "<hr>\n"), "</body></html>\n"});
}

std::string_view allowed_methods(const Request& request) {
    return request.of<CoreServerSettings>().trace_enable.value_or(true)
               ? "GET,POST,OPTIONS,HEAD,TRACE"
               : "GET,POST,OPTIONS,HEAD";
}

} // namespace preforkd
