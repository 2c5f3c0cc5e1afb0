#include "pipeline/response_head.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "http/date.h"
#include "http/sendable.h"
#include "pipeline/content_settings.h"
#include "pipeline/core_settings.h"

namespace preforkd {

using http::FieldId;
using http::Framing;

namespace {

std::string_view number(Arena& arena, std::uint64_t value) {
    const fmt::format_int text(value);
    return arena.copy({text.data(), text.size()});
}

constexpr unsigned usual_keep_alive_requests = 100;
constexpr Duration usual_keep_alive_timeout = std::chrono::seconds(5);

bool has_no_content(int status) { return status == 204 || status == 304 || status < 200; }

// The client still waits for the word to send its content.
bool awaits_continue(const Request& request) {
    return request.content && !request.content->at_end() && request.head.expects_continue;
}

void add_connection_fields(Request& request) {
    auto& fields = request.response.fields;
    if (request.response.status == 101) {
        fields.set(FieldId::connection, "Upgrade");
        return;
    }
    if (!request.keep_alive) {
        fields.set(FieldId::connection, "close");
        return;
    }
    if (!has_connection_option(request.head.fields, "keep-alive")) return;
    const auto& core = request.of<CoreServerSettings>();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(
        core.keep_alive_timeout.value_or(usual_keep_alive_timeout));
    const unsigned most = core.max_keep_alive_requests.value_or(usual_keep_alive_requests);
    const auto timeout = number(request.arena, static_cast<std::uint64_t>(seconds.count()));
    const auto value =
        most == 0
            ? request.arena.join({"timeout=", timeout})
            : request.arena.join(
                  {"timeout=", timeout,
                   ", max=", number(request.arena, most - request.connection.requests_served)});
    fields.set(FieldId::keep_alive, value);
    fields.set(FieldId::connection, "Keep-Alive");
}

bool is_text(std::string_view type) {
    return istarts_with(type, "text/plain") || istarts_with(type, "text/html");
}

// Some old clients do not understand it with an error page.
bool may_add_charset(const Request& request) {
    return !request.response.is_error_page || !request.find_variable("suppress-error-charset");
}

void add_content_fields(Request& request) {
    auto& fields = request.response.fields;
    if (const auto type = content_type_with_charset(request); !type.empty())
        fields.set(FieldId::content_type, type);
    if (!request.content_encoding.empty())
        fields.set(FieldId::content_encoding, request.content_encoding);
    std::string_view languages;
    for (auto language : request.languages)
        languages = languages.empty() ? language : request.arena.join({languages, ",", language});
    if (!languages.empty()) fields.set(FieldId::content_language, languages);
}

bool holds_name(std::string_view list, std::string_view name) {
    for (const auto piece : split(list, ','))
        if (iequals(piece, name)) return true;
    return false;
}

// One field, each name once, without spaces (Apache: fixup_vary).
void tidy_vary(Request& request) {
    auto& response = request.response;
    auto& fields =
        response.error_fields.has(FieldId::vary) ? response.error_fields : response.fields;
    if (!fields.has(FieldId::vary)) return;
    auto said = fields.combined(FieldId::vary, request.arena);
    if (&fields != &response.fields && response.fields.has(FieldId::vary)) {
        const auto more = response.fields.combined(FieldId::vary, request.arena);
        said = request.arena.join({said, ",", more});
        response.fields.remove(FieldId::vary);
    }
    if (said.find_first_of(", \t") == std::string_view::npos) return;
    std::string_view names;
    for (const auto list : split(said, ','))
        for (const auto name : split(list, ' '))
            if (!name.empty() && !holds_name(names, name))
                names = names.empty() ? name : request.arena.join({names, ",", name});
    fields.set(FieldId::vary, names);
}

// When and by whom the response was made: another server may have said it already.
void add_own_fields(Request& request, http::Fields& first) {
    const auto& fields = request.response.fields;
    const auto* date = request.other_server.answers ? fields.find(FieldId::date) : nullptr;
    first.add(FieldId::date, date ? *date : http::current_date());
    const auto* other = request.other_server.answers ? fields.find(FieldId::server) : nullptr;
    const auto server = other ? *other : request.of<CoreServerSettings>().server_field();
    if (!server.empty()) first.add(FieldId::server, server);
}

// Nobody else has a say in them: a script's word would be a second one.
bool is_servers_own(FieldId id) {
    return id == FieldId::date || id == FieldId::server || id == FieldId::connection ||
           id == FieldId::keep_alive || id == FieldId::transfer_encoding ||
           id == FieldId::content_length;
}

void remove_content_fields(http::Fields& fields) {
    for (FieldId id : {FieldId::content_type, FieldId::content_length, FieldId::content_encoding,
                       FieldId::content_language, FieldId::content_range})
        fields.remove(id);
}

} // namespace

std::string_view content_type_with_charset(Request& request) {
    const auto& response = request.response;
    if (response.content_type.empty() ||
        response.content_type.find("charset=") != std::string_view::npos)
        return response.content_type;
    std::string_view charset = response.charset;
    const auto& usual = request.of<ContentSettings>().add_default_charset;
    if (charset.empty() && usual && is_text(response.content_type) && may_add_charset(request))
        charset = *usual;
    if (charset.empty()) return response.content_type;
    return request.arena.join({response.content_type, "; charset=", charset});
}

bool drops_connection(int status) {
    switch (status) {
    case 400:
    case 408:
    case 411:
    case 413:
    case 414:
    case 500:
    case 501:
    case 503: return true;
    default: return false;
    }
}

bool may_keep_alive(const Request& request, Framing framing) {
    const auto& core = request.of<CoreServerSettings>();
    const unsigned most = core.max_keep_alive_requests.value_or(usual_keep_alive_requests);
    if (framing == Framing::until_close || !core.keep_alive.value_or(true)) return false;
    if (most != 0 && request.connection.requests_served >= most) return false;
    if (request.ends_connection || drops_connection(request.response.status) ||
        awaits_continue(request))
        return false;
    const auto& response = request.response;
    if (has_connection_option(response.fields, "close") ||
        has_connection_option(response.error_fields, "close"))
        return false;
    if (request.connection.leaving && request.connection.leaving()) return false;
    if (!request.variables.empty() && request.find_variable("nokeepalive")) return false;
    if (!request.head.fields.has(FieldId::connection)) return request.head.at_least(1, 1);
    if (has_connection_option(request.head.fields, "close")) return false;
    return request.head.at_least(1, 1) || has_connection_option(request.head.fields, "keep-alive");
}

void humour_old_client(Request& request) {
    if (request.variables.empty()) return;
    auto& head = request.head;
    if (request.find_variable("force-no-vary")) {
        request.response.fields.remove(FieldId::vary);
        request.response.error_fields.remove(FieldId::vary);
        head.minor = std::min(head.minor, 0);
        request.set_variable("force-response-1.0", "1");
    }
    if (request.find_variable("downgrade-1.0")) head.minor = std::min(head.minor, 0);
    if (!head.at_least(1, 1) && request.find_variable("force-response-1.0")) {
        request.set_variable("nokeepalive", "1");
        request.response.calls_itself_1_0 = true;
    }
}

http::ResponseHead complete_head(Request& request, Framing framing) {
    auto& response = request.response;
    Arena& arena = request.arena;
    auto* first = new (arena.bytes_for<http::Fields>()) http::Fields(arena);
    add_own_fields(request, *first);
    response.fields.remove(FieldId::date);
    response.fields.remove(FieldId::server);
    tidy_vary(request);
    if (response.no_etag) response.fields.remove(FieldId::etag); // of whoever made the content
    for (const auto& field : response.error_fields)
        if (!is_servers_own(field.id)) first->add(field.id, field.name, field.value);
    response.fields.remove(FieldId::transfer_encoding);

    if (framing == Framing::length) promise_length(response, arena, *response.length);
    add_connection_fields(request);
    if (framing == Framing::chunked) response.fields.set(FieldId::transfer_encoding, "chunked");
    if (has_no_content(response.status)) remove_content_fields(response.fields);
    else add_content_fields(request);

    http::ResponseHead head;
    head.status = response.status;
    head.reason = http::is_sendable(response.reason) ? response.reason : std::string_view();
    head.fields = &response.fields;
    head.first_fields = first;
    head.framing = framing;
    head.length = response.length.value_or(0);
    head.omit_head = request.head.simple;
    head.calls_itself_1_0 = response.calls_itself_1_0;
    // What follows a switch of protocols is none of HTTP's.
    head.omit_content =
        request.header_only() || (has_no_content(response.status) && response.status != 101);
    return head;
}

} // namespace preforkd
