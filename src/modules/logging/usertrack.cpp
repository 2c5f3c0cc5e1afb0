// usertrack: a cookie by which the log can tell one client's requests from another's.
#include <ctime>
#include <fmt/format.h>
#include <random>

#include "base/text.h"
#include "config/directive.h"
#include "modules/modules.h"
#include "modules/server/arguments.h"
#include "pipeline/request.h"

namespace preforkd {

using config::Arguments;
using config::Shape;

namespace {

enum class CookieStyle : unsigned char { netscape, cookie, cookie2 };

struct CookieSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    // A section that says anything has what it says itself, as in Apache, but for the lifetime,
    // which Apache has once for all.
    void inherit_from(const CookieSettings& outer) { config::inherit(lifetime, outer.lifetime); }
    bool enabled = false;
    std::string name = "Apache";
    std::string domain;
    std::string same_site;                // "SameSite=Lax"
    std::optional<std::int64_t> lifetime; // seconds
    CookieStyle style = CookieStyle::netscape;
    bool secure = false, http_only = false;
};

template <bool CookieSettings::*Field>
Status set_flag(CookieSettings& settings, Arguments arguments) {
    settings.*Field = config::is_on(arguments[0]);
    return {};
}

// "3600" or "2 weeks 3 days".
Result<std::int64_t> parse_lifetime(std::string_view text) {
    const bool is_number = !text.empty() && is_digit(text.front()) && is_digit(text.back());
    if (is_number) return leading_integer(text);
    std::int64_t seconds = 0;
    auto word = take_word(text);
    if (istarts_with(word, "p")) word = take_word(text);
    for (; !word.empty(); word = take_word(text)) {
        if (!is_digit(word[0])) return Error{"bad expires code, numeric value expected."};
        const auto number = leading_integer(word);
        word = take_word(text);
        if (word.empty()) return Error{"bad expires code, missing <type>"};
        const auto unit = seconds_of_unit(word);
        if (!unit) return Error{"bad expires code, unrecognized type"};
        seconds += number * *unit;
    }
    return seconds;
}

Status set_lifetime(CookieSettings& settings, Arguments arguments) {
    const auto lifetime = parse_lifetime(arguments[0]);
    if (!lifetime) return lifetime.error();
    settings.lifetime = *lifetime;
    return {};
}

Status set_name(CookieSettings& settings, Arguments arguments) {
    settings.name = arguments[0];
    return {};
}

Status set_domain(CookieSettings& settings, Arguments arguments) {
    const std::string& domain = arguments[0];
    if (domain.empty()) return Error{"CookieDomain values may not be null"};
    if (!domain.starts_with('.')) return Error{"CookieDomain values must begin with a dot"};
    if (domain.find('.', 1) == domain.npos || domain.size() < 3)
        return Error{"CookieDomain values must contain at least one embedded dot"};
    settings.domain = domain;
    return {};
}

Status set_style(CookieSettings& settings, Arguments arguments) {
    const std::string& word = arguments[0];
    if (iequals(word, "Netscape")) settings.style = CookieStyle::netscape;
    else if (iequals(word, "Cookie") || iequals(word, "RFC2109"))
        settings.style = CookieStyle::cookie;
    else if (iequals(word, "Cookie2") || iequals(word, "RFC2965"))
        settings.style = CookieStyle::cookie2;
    else return Error{fmt::format("Invalid CookieStyle keyword: '{}'", word)};
    return {};
}

Status set_same_site(CookieSettings& settings, Arguments arguments) {
    for (const std::string_view word : {"Strict", "Lax", "None"})
        if (iequals(arguments[0], word)) {
            settings.same_site = fmt::format("SameSite={}", word);
            return {};
        }
    return Error{"CookieSameSite accepts 'Strict', 'Lax', or 'None'"};
}

// The value of the client's first cookie of that name that has one, or "".
std::string_view find_cookie(const Request& request, std::string_view name) {
    std::string_view rest = request.head.fields.combined(http::FieldId::cookie, request.arena);
    while (!rest.empty()) {
        const auto cookie = rest.substr(0, rest.find_first_of(";,"));
        const auto value = cookie.substr(std::min(name.size() + 1, cookie.size()));
        if (!value.empty() && cookie.starts_with(name) && cookie[name.size()] == '=') return value;
        rest.remove_prefix(std::min(cookie.size() + 1, rest.size()));
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    }
    return {};
}

// "Thu, 02-Jan-20 03:04:05 GMT"
std::string old_date(std::time_t time) {
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    char text[40];
    return std::string(text, std::strftime(text, sizeof text, "%a, %d-%b-%y %H:%M:%S GMT", &parts));
}

std::string cookie_text(const CookieSettings& settings, std::string_view value,
                        std::int64_t received_at) {
    std::string text = fmt::format("{}={}; path=/", settings.name, value);
    if (settings.lifetime && settings.style == CookieStyle::netscape)
        text += "; expires=" + old_date(received_at / 1'000'000 + *settings.lifetime);
    else if (settings.lifetime) text += fmt::format("; max-age={}", *settings.lifetime);
    if (!settings.domain.empty()) text += "; domain=" + settings.domain;
    if (settings.style == CookieStyle::cookie2) text += "; version=1";
    if (!settings.same_site.empty()) text += "; " + settings.same_site;
    if (settings.secure) text += "; Secure";
    if (settings.http_only) text += "; HttpOnly";
    return text;
}

std::string new_value(const Request& request) {
    static std::random_device chance;
    return fmt::format("{:x}.{:x}", chance(), request.received_at);
}

Verdict track(Request& request) {
    const auto& settings = request.of<CookieSettings>();
    if (!settings.enabled || request.main) return declined;
    if (const auto value = find_cookie(request, settings.name); !value.empty()) {
        request.set_note("cookie", value);
        return declined;
    }
    const auto value = new_value(request);
    request.response.error_fields.add(
        settings.style == CookieStyle::cookie2 ? "Set-Cookie2" : "Set-Cookie",
        request.arena.copy(cookie_text(settings, value, request.received_at)));
    request.set_note("cookie", request.arena.copy(value));
    return ok;
}

} // namespace

Module usertrack_module() {
    using config::anywhere;
    using config::edits;
    using config::override_file_info;
    Module module{.name = "usertrack"};
    module.directives = {
        {"CookieExpires", Shape::one, anywhere, override_file_info, edits<set_lifetime>,
         "an expiry date code"},
        {"CookieDomain", Shape::one, anywhere, override_file_info, edits<set_domain>,
         "domain to which this cookie applies"},
        {"CookieStyle", Shape::one, anywhere, override_file_info, edits<set_style>,
         "'Netscape', 'Cookie' (RFC2109), or 'Cookie2' (RFC2965)"},
        {"CookieTracking", Shape::flag, anywhere, override_file_info,
         edits<set_flag<&CookieSettings::enabled>>, "whether or not to enable cookies"},
        {"CookieName", Shape::one, anywhere, override_file_info, edits<set_name>,
         "name of the tracking cookie"},
        {"CookieSameSite", Shape::one, anywhere, override_file_info, edits<set_same_site>,
         "SameSite setting"},
        {"CookieSecure", Shape::flag, anywhere, override_file_info,
         edits<set_flag<&CookieSettings::secure>>, "is cookie secure"},
        {"CookieHttpOnly", Shape::flag, anywhere, override_file_info,
         edits<set_flag<&CookieSettings::http_only>>, "is cookie http only"},
    };
    module.settings.push_back(config::settings_type<CookieSettings>());
    module.hooks.fixups = track;
    return module;
}

} // namespace preforkd
