// The functions that answer a text: req('Referer'), md5('…').
#include "pipeline/expression/functions.h"

#include <fmt/format.h>

#include "base/base64.h"
#include "base/text.h"
#include "http/uri.h"
#include "net/digest.h"
#include "os/environment.h"
#include "os/file.h"
#include "pipeline/expression/module_names.h"
#include "pipeline/expression/scope.h"

namespace preforkd::expression {

namespace {

using View = std::string_view;

View read_field(View name, Scope& scope) {
    return scope.request.head.fields.combined(name, scope.request.arena);
}

View read_and_note_field(View name, Scope& scope) {
    scope.note_field(name);
    return read_field(name, scope);
}

View response_field(View name, Scope& scope) {
    const auto& response = scope.request.response;
    for (const auto* fields : {&response.fields, &response.error_fields})
        if (const auto* value = fields->find(name)) return *value;
    return {};
}

View request_variable(View name, Scope& scope) {
    const auto* value = scope.request.find_variable(name);
    return value ? *value : View();
}

View system_variable(View name, Scope& scope) {
    return find_in_environment(scope.request.arena.c_string(name));
}

View note(View name, Scope& scope) {
    const auto* value = scope.request.find_note(name);
    return value ? *value : View();
}

View any_variable(View name, Scope& scope) {
    for (const auto* value : {scope.request.find_note(name), scope.request.find_variable(name)})
        if (value) return *value;
    return system_variable(name, scope);
}

template <char Change(char)>
View each(View text, Scope& scope) {
    auto changed = scope.request.arena.bytes(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) changed[i] = Change(text[i]);
    return {changed.data(), changed.size()};
}

View escape(View text, Scope& scope) { return scope.request.arena.copy(http::escape_path(text)); }

// Nothing is better than a part where the whole makes no sense.
View unescape(View text, Scope& scope) {
    const auto decoded = http::decode_path(text, http::EncodedSlashes::keep, scope.request.arena);
    return decoded.outcome == http::Decoded::Outcome::ok ? decoded.path : View();
}

View to_base64(View text, Scope& scope) { return scope.request.arena.copy(base64(text)); }

View from_base64(View text, Scope& scope) {
    const auto decoded = decode_base64(text);
    return scope.request.arena.copy(View(decoded).substr(0, decoded.find('\0')));
}

View hexadecimal(std::span<const unsigned char> bytes, Scope& scope) {
    std::string text;
    for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
    return scope.request.arena.copy(text);
}

View md5(View text, Scope& scope) { return hexadecimal(net::md5(text), scope); }
View sha1(View text, Scope& scope) { return hexadecimal(net::sha1(text), scope); }

View file(View path, Scope& scope) {
    const auto content = read_whole_file(std::string(path));
    if (content) return scope.request.arena.copy(*content);
    scope.error = fmt::format("Cannot open file {}", path);
    return {};
}

View file_size(View path, Scope& scope) {
    struct stat status {};
    const bool is_file =
        stat_path(scope.request.arena.c_string(path), status) == 0 && S_ISREG(status.st_mode);
    return scope.request.arena.copy(fmt::format("{}", is_file ? status.st_size : 0));
}

// For a distinguished name (RFC 4514 §2.4) and a filter (RFC 4515 §3).
View ldap(View text, Scope& scope) {
    std::string escaped;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool at_an_end =
            (c == ' ' && (i == 0 || i + 1 == text.size())) || (c == '#' && i == 0);
        if (c == '\0' || c == '*' || c == '(' || c == ')' || c == '\\')
            escaped += fmt::format("\\{:02x}", static_cast<unsigned char>(c));
        else if (at_an_end || View("\"+,;<>=").find(c) != View::npos)
            escaped.append("\\").push_back(c);
        else escaped += c;
    }
    return scope.request.arena.copy(escaped);
}

struct Named {
    View name;
    StringFunction function;
};
constexpr Named string_functions[] = {
    {"req", read_and_note_field},
    {"http", read_and_note_field},
    {"req_novary", read_field},
    {"resp", response_field},
    {"reqenv", request_variable},
    {"osenv", system_variable},
    {"note", note},
    {"env", any_variable},
    {"tolower", each<to_lower>},
    {"toupper", each<to_upper>},
    {"escape", escape},
    {"unescape", unescape},
    {"base64", to_base64},
    {"unbase64", from_base64},
    {"md5", md5},
    {"sha1", sha1},
    {"file", file},
    {"filesize", file_size},
    {"ldap", ldap},
};

} // namespace

StringFunction find_string_function(View name, const config::Configuration& configuration) {
    for (const auto& known : string_functions)
        if (iequals(known.name, name)) return known.function;
    return find_in_modules<&Module::expression_function>(name, configuration);
}

bool looks_into_files(StringFunction function) { return function == file || function == file_size; }

} // namespace preforkd::expression
