// The directives of proxy_fcgi.
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"
#include "modules/proxy/fcgi/fcgi_settings.h"

namespace preforkd::fcgi {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

Status set_backend_type(Settings& settings, Arguments arguments) {
    const auto& word = arguments[0];
    if (!iequals(word, "generic") && !iequals(word, "fpm"))
        return Error{"ProxyFCGIBackendType requires one of the following arguments: 'GENERIC', "
                     "'FPM'"};
    settings.is_generic = iequals(word, "generic");
    return {};
}

Error cannot_parse(const std::string& text, const Error& error) {
    return Error{fmt::format("Could not parse expression \"{}\": {}", text, error.what)};
}

Status add_change(Settings& settings, Arguments words, Invocation& invocation) {
    const auto& configuration = invocation.configuration;
    auto condition = Expression::condition(words[0], configuration);
    if (!condition) return cannot_parse(words[0], condition.error());
    Settings::Change change{std::move(*condition), words[1], std::nullopt};
    const bool takes_away = change.name.starts_with('!');
    if (takes_away) {
        change.name.erase(0, 1);
        if (change.name.empty())
            return Error{"ProxyFCGISetEnvIf: \"!\" is not a valid variable name"};
        if (words.size() > 2)
            return Error{fmt::format("Third argument (\"{}\") is not allowed when using "
                                     "ProxyFCGISetEnvIf's unset mode ({})",
                                     words[2], words[1])};
    } else {
        const std::string text = words.size() > 2 ? words[2] : std::string();
        auto value = Expression::text(text, configuration);
        if (!value) return cannot_parse(text, value.error());
        change.value = std::move(*value);
    }
    settings.changes.add(std::move(change));
    return {};
}

} // namespace

std::vector<config::Directive> directives() {
    using namespace config;
    return {
        {"ProxyFCGIBackendType", Shape::one, anywhere, override_file_info, edits<set_backend_type>,
         "Specify the type of FastCGI server: 'Generic', 'FPM'"},
        {"ProxyFCGISetEnvIf", Shape::two_or_three, anywhere, override_file_info, edits<add_change>,
         "expr-condition env-name expr-value"},
    };
}

} // namespace preforkd::fcgi
