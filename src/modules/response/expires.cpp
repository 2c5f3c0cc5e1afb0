// expires: how long a response may be kept, by its type (Expires and Cache-Control: max-age).
#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

#include "base/text.h"
#include "config/directive.h"
#include "http/date.h"
#include "modules/modules.h"
#include "modules/server/arguments.h"
#include "pipeline/request.h"
#include "pipeline/server_methods.h"

namespace preforkd {

using config::Arguments;
using config::Shape;

namespace {

struct Lifetime {
    bool since_change = false; // of the file; else since the request
    std::int64_t seconds = 0;
};

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
        return std::hash<std::string_view>()(text);
    }
};

struct ExpiresSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const ExpiresSettings& outer) {
        config::inherit(active, outer.active);
        config::inherit(by_default, outer.by_default);
        by_type.insert(outer.by_type.begin(), outer.by_type.end());
    }
    std::optional<bool> active;
    std::optional<Lifetime> by_default;
    std::unordered_map<std::string, Lifetime, TextHash, std::equal_to<>> by_type; // "image/*", too
    // Such types count where the innermost of what says anything about expiry names one, as in
    // Apache: not inherited.
    bool knows_families = false;
};

// "A3600" or "M3600".
std::optional<Result<Lifetime>> parse_code(std::string_view text) {
    const bool is_code = text.size() > 1 && (text[0] == 'A' || text[0] == 'M') && is_digit(text[1]);
    if (!is_code) return {};
    const auto seconds = parse_decimal(text.substr(1));
    if (!seconds)
        return Result<Lifetime>(Error{"bad expires code, numeric value expected <num> '" +
                                      std::string(text.substr(1)) + "'"});
    return Result<Lifetime>(Lifetime{text[0] == 'M', *seconds});
}

// "access plus 1 month 2 days".
Result<Lifetime> parse_lifetime(std::string_view text) {
    if (const auto code = parse_code(text)) return *code;
    Lifetime lifetime;
    auto word = take_word(text);
    if (istarts_with(word, "m")) lifetime.since_change = true;
    else if (!istarts_with(word, "n") && !istarts_with(word, "a"))
        return Error{fmt::format("bad expires code, unrecognised <base> '{}'", word)};
    word = take_word(text);
    if (istarts_with(word, "p")) word = take_word(text);
    for (; !word.empty(); word = take_word(text)) {
        const auto number = is_digit(word[0]) ? parse_decimal(word) : std::nullopt;
        if (!number)
            return Error{fmt::format("bad expires code, numeric value expected <num> '{}'", word)};
        word = take_word(text);
        if (word.empty()) return Error{"bad expires code, missing <type>"};
        const auto unit = seconds_of_unit(word);
        if (!unit) return Error{fmt::format("bad expires code, unrecognised <type>'{}'", word)};
        lifetime.seconds += *number * *unit;
    }
    return lifetime;
}

Status set_default(ExpiresSettings& settings, Arguments arguments) {
    const auto lifetime = parse_lifetime(arguments[0]);
    if (!lifetime) return Error{"'ExpiresDefault " + arguments[0] + "': " + lifetime.error().what};
    settings.by_default = *lifetime;
    return {};
}

Status set_by_type(ExpiresSettings& settings, Arguments arguments) {
    if (arguments[0].find('/') == std::string::npos)
        return Error{"Invalid mimetype: should contain a slash"};
    const auto lifetime = parse_lifetime(arguments[1]);
    if (!lifetime)
        return Error{fmt::format("'ExpiresByType {} {}': {}", arguments[0], arguments[1],
                                 lifetime.error().what)};
    settings.by_type.insert_or_assign(lower(arguments[0]), *lifetime);
    if (arguments[0].ends_with("/*")) settings.knows_families = true;
    return {};
}

const Lifetime* lifetime_of(const ExpiresSettings& settings, const Request& request) {
    const auto whole = request.response.content_type;
    const auto type = whole.substr(0, whole.find_first_of("; \t"));
    if (!type.empty() && !settings.by_type.empty()) {
        if (const auto found = settings.by_type.find(type); found != settings.by_type.end())
            return &found->second;
        const auto family = request.arena.join({type.substr(0, type.find('/')), "/*"});
        if (const auto found = settings.by_type.find(family);
            settings.knows_families && found != settings.by_type.end())
            return &found->second;
    }
    return settings.by_default ? &*settings.by_default : nullptr;
}

void limit_lifetime(Request& request, const Lifetime& lifetime) {
    const std::int64_t now = request.received_at / 1'000'000;
    std::int64_t base = now;
    if (lifetime.since_change) {
        const auto kind = request.storage.kind;
        if (kind == Storage::Kind::missing || kind == Storage::Kind::unknown) return;
        base = request.storage.status.st_mtime;
    }
    const std::int64_t end = std::max(base + lifetime.seconds, now);
    auto& fields = request.response.fields;
    const auto age = request.arena.copy(fmt::format("max-age={}", end - now));
    const auto before = fields.combined(http::FieldId::cache_control, request.arena);
    fields.set(http::FieldId::cache_control,
               before.empty() ? age : request.arena.join({before, ", ", age}));
    const auto date = http::format_date(end);
    fields.set(http::FieldId::expires, request.arena.copy({date.data(), date.size()}));
}

http::BodySink* add_expiry(Request& request, http::BodySink* next) {
    const auto& settings = request.of<ExpiresSettings>();
    const Response& response = request.response;
    if (!settings.active.value_or(false) || request.main || response.status >= 400 ||
        is_of_no_handler(request))
        return next;
    for (const auto* fields : {&response.fields, &response.error_fields})
        if (fields->has(http::FieldId::expires)) return next;
    if (const auto* lifetime = lifetime_of(settings, request)) limit_lifetime(request, *lifetime);
    return next;
}

} // namespace

Module expires_module() {
    using config::anywhere;
    using config::edits;
    using config::override_indexes;
    Module module{.name = "expires"};
    module.directives = {
        {"ExpiresActive", Shape::flag, anywhere, override_indexes,
         config::sets_flag<&ExpiresSettings::active>, "Limited to 'on' or 'off'"},
        {"ExpiresByType", Shape::two, anywhere, override_indexes, edits<set_by_type>,
         "a MIME type followed by an expiry date code"},
        {"ExpiresDefault", Shape::one, anywhere, override_indexes, edits<set_default>,
         "an expiry date code"},
    };
    module.settings.push_back(config::settings_type<ExpiresSettings>());
    module.hooks.filter_response = add_expiry;
    return module;
}

} // namespace preforkd
