// The directives of mod_rewrite.
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"
#include "modules/mapping/rewrite/rewrite_settings.h"

namespace preforkd::rewrite {

namespace {

using config::Arguments;
using config::Invocation;
using config::Shape;

ServerRewrite& of_server(Invocation& invocation) {
    auto& settings = config::settings_for(invocation, config::Scope::server).edit<ServerRewrite>();
    settings.owner = &invocation.server;
    return settings;
}

DirectoryRewrite& of_directory(Invocation& invocation) {
    return config::settings_for(invocation, config::Scope::directory).edit<DirectoryRewrite>();
}

// The rules that a directive adds to. A section remembers where it stands when it is first asked.
RuleSettings& rules_of(Invocation& invocation) {
    // A host that has rules anywhere is one that the engine is not off for.
    if (!invocation.section || invocation.section->kind != config::Section::Kind::htaccess)
        static_cast<void>(of_server(invocation));
    if (!invocation.section) return of_server(invocation);
    if (!invocation.in_htaccess) of_server(invocation);
    auto& settings = of_directory(invocation);
    if (settings.directory.empty()) {
        settings.directory = invocation.section->pattern;
        if (!settings.directory.ends_with('/')) settings.directory += '/';
    }
    return settings;
}

// A server's counts for sections that say nothing, and a <Location>'s for the server's rules.
Status set_engine(Invocation& invocation, Arguments arguments) {
    rules_of(invocation);
    of_directory(invocation).on = iequals(arguments[0], "on");
    return {};
}

struct OptionName {
    std::string_view name;
    unsigned option;
};
constexpr std::array option_names{
    OptionName{"Inherit", inherit},
    OptionName{"InheritBefore", inherit_before},
    OptionName{"InheritDown", inherit_down},
    OptionName{"InheritDownBefore", inherit_down_before},
    OptionName{"IgnoreInherit", ignore_inherit},
    OptionName{"AllowNoSlash", allow_no_slash},
    OptionName{"AllowAnyURI", allow_any_uri},
    OptionName{"MergeBase", merge_base},
    OptionName{"IgnoreContextInfo", ignore_context_info},
    OptionName{"LegacyPrefixDocRoot", legacy_prefix_document_root},
    OptionName{"LongURLOptimization", long_url_optimization},
};

Status add_option(Invocation& invocation, Arguments arguments) {
    RuleSettings& settings = rules_of(invocation);
    const std::string& word = arguments[0];
    for (const auto& [name, option] : option_names)
        if (iequals(word, name)) {
            settings.options = settings.options.value_or(0) | option;
            if (!invocation.section) of_directory(invocation).options = settings.options;
            return {};
        }
    if (istarts_with(word, "MaxRedirects=")) {
        invocation.warn("AH00664: RewriteOptions: MaxRedirects option has been removed in favor of "
                        "the global LimitInternalRecursion directive and will be ignored.");
        return {};
    }
    return Error{fmt::format("RewriteOptions: unknown option '{}'", word)};
}

Status set_base(Invocation& invocation, Arguments arguments) {
    if (!invocation.section) return Error{"RewriteBase: only valid in per-directory config files"};
    const std::string& base = arguments[0];
    if (base.empty()) return Error{"RewriteBase: empty URL not allowed"};
    if (!base.starts_with('/')) return Error{"RewriteBase: argument is not a valid URL"};
    static_cast<DirectoryRewrite&>(rules_of(invocation)).base = base;
    return {};
}

Status add_map(Invocation& invocation, Arguments arguments) {
    auto map = Map::make(arguments[0], arguments[1], invocation.configuration.server_root,
                         arguments.size() > 2 ? arguments[2] : "");
    if (!map) return map.error();
    of_server(invocation).maps.push_back(std::move(*map));
    return {};
}

Status add_condition(Invocation& invocation, Arguments arguments) {
    auto condition = parse_condition(arguments[0], invocation.configuration);
    if (!condition) return condition.error();
    rules_of(invocation).pending.all.push_back(std::move(*condition));
    return {};
}

Status add_rule(Invocation& invocation, Arguments arguments) {
    auto rule = parse_rule(arguments[0]);
    if (!rule) return rule.error();
    RuleSettings& settings = rules_of(invocation);
    rule->conditions = std::exchange(settings.pending.all, {});
    settings.rules.add(std::move(*rule));
    return {};
}

} // namespace

std::vector<config::Directive> directives() {
    using config::anywhere;
    using config::override_file_info;
    constexpr unsigned in_servers = config::server_config | config::virtual_host;
    return {
        {"RewriteEngine", Shape::flag, anywhere, override_file_info, set_engine,
         "On or Off to enable or disable (default) the whole rewriting engine"},
        {"RewriteOptions", Shape::each, anywhere, override_file_info, add_option,
         "List of option strings to set"},
        {"RewriteBase", Shape::one, anywhere, override_file_info, set_base,
         "the base URL of the per-directory context"},
        {"RewriteCond", Shape::raw, anywhere, override_file_info, add_condition,
         "an input string and a to be applied regexp-pattern"},
        {"RewriteRule", Shape::raw, anywhere, override_file_info, add_rule,
         "an URL-applied regexp-pattern and a substitution URL"},
        {"RewriteMap", Shape::two_or_three, in_servers, config::override_none, add_map,
         "a mapname and a filename and options"},
    };
}

} // namespace preforkd::rewrite
