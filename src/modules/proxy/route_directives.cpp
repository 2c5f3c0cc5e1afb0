// ProxyPass and its way back.
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"
#include "config/paths.h"
#include "config/words.h"
#include "modules/proxy/definitions.h"
#include "modules/proxy/proxy_settings.h"

namespace preforkd::proxy {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

// What one ProxyPass says.
struct Said {
    std::string path, target;
    bool is_regex = false;
    Route flags;
    std::vector<Parameter> parameters;
};

Status take_option(Said& said, const std::string& word, bool in_section) {
    if (iequals(word, "noquery")) return {}; // without an effect in Apache, too
    if (iequals(word, "nocanon")) said.flags.keeps_encoding = true;
    else if (iequals(word, "interpolate")) said.flags.interpolates = true;
    else {
        auto parameter = parse_parameter(word);
        if (!parameter && in_section && said.target.starts_with('/'))
            return Error{
                "ProxyPass|ProxyPassMatch can not have a path when defined in a location."};
        if (!parameter)
            return Error{
                "Invalid ProxyPass|ProxyPassMatch parameter. Parameter must be in the form "
                "'key=value'."};
        if (!iequals(parameter->key, "mapping")) {
            said.parameters.push_back(std::move(*parameter));
            return {};
        }
        if (iequals(parameter->value, "encoded")) said.flags.mapping = PathMapping::encoded;
        else if (iequals(parameter->value, "servlet")) said.flags.mapping = PathMapping::servlet;
        else return Error{"unknown mapping"};
        said.flags.keeps_encoding = true;
    }
    return {};
}

Result<Said> read_words(const Invocation& invocation, std::string_view text, bool is_regex) {
    Said said;
    said.is_regex = is_regex;
    const bool in_section = invocation.section != nullptr;
    if (in_section) {
        said.path = invocation.section->pattern;
        // A section's pattern that has no wildcard is a path, whatever its "^" means elsewhere.
        said.is_regex = is_regex || config::has_wildcard(said.path);
    }
    bool has_path = in_section;
    for (const auto& word : config::split_words(text)) {
        if (!has_path && word == "~") {
            if (is_regex) return Error{"ProxyPassMatch invalid syntax ('~' usage)."};
            said.is_regex = true;
        } else if (!has_path) {
            said.path = word;
            has_path = true;
        } else if (said.target.empty()) {
            said.target = word;
        } else if (auto taken = take_option(said, word, in_section); !taken) {
            return taken.error();
        }
    }
    if (said.target.empty())
        return Error{"ProxyPass|ProxyPassMatch needs a path when not defined in a location"};
    return said;
}

bool is_broken_socket(std::string_view target) {
    return istarts_with(target, "unix:") && target.ends_with('|');
}

// What leads somewhere else is chosen by the URL alone: of all sections <Location> may hold it.
Status check_place(const Invocation& invocation) {
    using Kind = config::Section::Kind;
    const auto kind = invocation.section ? invocation.section->kind : Kind::location;
    const bool is_about_files = kind == Kind::directory || kind == Kind::files || kind == Kind::if_;
    if (!is_about_files && !invocation.limit) return {};
    const auto where = invocation.limit ? "<Limit> or <LimitExcept>"
                                        : fmt::format("{}>", invocation.enclosing->name);
    return Error{
        fmt::format("{} cannot occur within {} section", invocation.directive.name, where)};
}

// The server, or the balancer, that a path is to lead to.
Status find_backend(Invocation& invocation, const Said& said, Route& route) {
    auto defined = Definition::define(server_settings(invocation), said.target);
    if (!defined) return Error{fmt::format("ProxyPass {}", defined.error().what)};
    route.worker = defined->worker;
    route.balancer = defined->balancer;
    if (defined->balancer && !said.is_regex) defined->balancer->path = said.path;
    for (const auto& [key, value] : said.parameters) {
        if (defined->worker && defined->is_shared()) {
            invocation.warn(fmt::format("AH01146: Ignoring parameter '{}={}' for worker '{}' "
                                        "because of worker sharing",
                                        key, value, defined->worker->name));
            continue;
        }
        if (auto set = defined->set(key, value); !set)
            return Error{fmt::format("ProxyPass {}", set.error().what)};
    }
    return {};
}

Status add_pass(Invocation& invocation, std::string_view text, bool is_regex) {
    if (auto checked = check_place(invocation); !checked) return checked;
    auto said = read_words(invocation, text, is_regex);
    if (!said) return said.error();
    if (is_broken_socket(said->target))
        return Error{"ProxyPass|ProxyPassMatch uses an invalid \"unix:\" URL"};
    Route route = std::move(said->flags);
    route.path = said->path;
    route.target = without_socket(said->target);
    if (said->is_regex) {
        auto regex = Regex::compile(said->path);
        if (!regex) return Error{"Regular expression could not be compiled."};
        route.regex = std::move(*regex);
    }
    route.is_exception = said->target == "!";
    if (!route.is_exception)
        if (auto found = find_backend(invocation, *said, route); !found) return found;
    auto& server = server_settings(invocation);
    if (!invocation.section) server.routes.add(std::move(route));
    else invocation.settings.edit<Settings>().route = &server.location_routes.add(std::move(route));
    return {};
}

template <bool is_regex>
Status add_pass(Invocation& invocation, Arguments arguments) {
    return add_pass(invocation, arguments[0], is_regex);
}

Status add_reversal(Settings& settings, Arguments words, Invocation& invocation) {
    if (auto checked = check_place(invocation); !checked) return checked;
    const bool has_second = words.size() > 1 && !iequals(words[1], "interpolate");
    if (!invocation.section) {
        if (!has_second)
            return Error{"ProxyPassReverse needs a path when not defined in a location"};
        settings.reversals.add({words[0], words[1], words.size() > 2});
        return {};
    }
    if (has_second) return Error{"ProxyPassReverse can not have a path when defined in a location"};
    settings.reversals.add({invocation.section->pattern, words[0], words.size() > 1});
    return {};
}

template <Entries<Reversal> Settings::*list>
Status add_cookie_reversal(Settings& settings, Arguments words) {
    (settings.*list).add({words[1], words[0], words.size() > 2});
    return {};
}

constexpr auto add_cookie_path = add_cookie_reversal<&Settings::cookie_paths>;
constexpr auto add_cookie_domain = add_cookie_reversal<&Settings::cookie_domains>;

} // namespace

std::vector<config::Directive> route_directives() {
    using namespace config;
    constexpr unsigned everywhere = server_config | virtual_host | directory;
    return {
        {"ProxyPass", Shape::raw, everywhere, override_none, add_pass<false>,
         "a virtual path and a URL"},
        {"ProxyPassMatch", Shape::raw, everywhere, override_none, add_pass<true>,
         "a virtual path and a URL"},
        {"ProxyPassReverse", Shape::one_two_or_three, everywhere, override_none,
         edits<add_reversal>, "a virtual path and a URL for reverse proxy behaviour"},
        {"ProxyPassReverseCookiePath", Shape::two_or_three, everywhere, override_none,
         edits<add_cookie_path>, "Path rewrite rule for proxying cookies"},
        {"ProxyPassReverseCookieDomain", Shape::two_or_three, everywhere, override_none,
         edits<add_cookie_domain>, "Domain rewrite rule for proxying cookies"},
        {"ProxyPassInterpolateEnv", Shape::flag, everywhere, override_none,
         sets_flag<&Settings::interpolates>, "Interpolate Env Vars in reverse Proxy"},
        {"ProxyPassInherit", Shape::flag, server_config | virtual_host, override_none,
         sets_flag<&ServerSettings::inherits_routes>,
         "on if this server should inherit all ProxyPass directives defined in the main server "
         "(Setting to off recommended if using the Balancer Manager)"},
    };
}

} // namespace preforkd::proxy
