// filter: filters chosen by what a response is.
#include <set>
#include <vector>

#include "base/text.h"
#include "config/configuration.h"
#include "config/directive.h"
#include "modules/entries.h"
#include "modules/modules.h"
#include "modules/response/output_filters.h"
#include "modules/response/smart_filter.h"
#include "pipeline/request.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

struct FilterSettings {
    static constexpr config::Scope scope = config::Scope::directory;

    // A filter declared here is used wherever its name stands, also in what is inherited. So one
    // that both sections put into their chain is there twice, as in Apache.
    void inherit_from(const FilterSettings& outer) {
        if (!replaces_chain) chain.insert(chain.begin(), outer.chain.begin(), outer.chain.end());
        filters.append(outer.filters);
    }
    const SmartFilter* find(const std::string& name) const {
        for (const SmartFilter* filter : filters)
            if (filter->name() == name) return filter;
        return nullptr;
    }

    // The names that one section declared: the other directives about them stand beside it.
    std::set<std::string> declared;
    Entries<SmartFilter> filters; // the innermost first
    std::vector<std::string> chain;
    bool replaces_chain = false; // FilterChain ! or =: without what is inherited
};

Result<const OutputFilterRegistration*> find_known(const Invocation& invocation,
                                                   const std::string& name) {
    if (const auto* found = find_output_filter(invocation.configuration, name)) return found;
    return Error{"Unknown filter provider " + name};
}

struct NamedKind {
    std::string_view name;
    FilterKind kind;
};
constexpr NamedKind kinds[] = {
    {"RESOURCE", FilterKind::resource},     {"CONTENT_SET", FilterKind::content_set},
    {"PROTOCOL", FilterKind::protocol},     {"TRANSCODE", FilterKind::transcode},
    {"CONNECTION", FilterKind::connection}, {"NETWORK", FilterKind::network},
};

// The smart filter of that name in this section; made where there is none.
SmartFilter& filter_named(FilterSettings& settings, const std::string& name,
                          FilterKind kind = FilterKind::resource) {
    settings.declared.insert(name);
    for (const auto& filter : settings.filters.own())
        if (filter->name() == name) return *filter;
    return settings.filters.add(SmartFilter(name, kind));
}

Status declare(FilterSettings& settings, Arguments arguments) {
    FilterKind kind = FilterKind::resource;
    if (arguments.size() > 1)
        for (const auto& known : kinds)
            if (iequals(arguments[1], known.name)) kind = known.kind;
    filter_named(settings, arguments[0], kind);
    return {};
}

// The provider that was named last is asked first.
Status add_provider(FilterSettings& settings, Arguments arguments, Invocation& invocation) {
    SmartFilter& filter = filter_named(settings, arguments[0]);
    const auto found = find_known(invocation, arguments[1]);
    if (!found) return found.error();
    auto condition = Expression::condition(arguments[2], invocation.configuration);
    if (!condition)
        return Error{"Error parsing FilterProvider expression:" + condition.error().what};
    auto& providers = filter.providers();
    providers.insert(providers.begin(),
                     {std::string((*found)->name), (*found)->filter, {}, std::move(*condition)});
    return {};
}

Status change_chain(FilterSettings& settings, Arguments arguments) {
    auto& chain = settings.chain;
    const std::string& word = arguments[0];
    const std::string name = word.substr(1);
    switch (word.front()) {
    case '+': chain.push_back(name); break;
    case '@': chain.insert(chain.begin(), name); break;
    case '-': std::erase(chain, name); break;
    case '!':
        chain.clear();
        settings.replaces_chain = true;
        break;
    case '=':
        chain = {name};
        settings.replaces_chain = true;
        break;
    default: chain.push_back(word);
    }
    return {};
}

// The smart filter of one section for all that it says of types for `provider`.
SmartFilter& filter_by_type(FilterSettings& settings, const OutputFilterRegistration& provider) {
    const std::string name = "BYTYPE:" + std::string(provider.name);
    for (const auto& filter : settings.filters.own())
        if (filter->name() == name) return *filter;
    const auto kind = provider.filter ? provider.filter->kind() : FilterKind::resource;
    SmartFilter& filter = settings.filters.add(SmartFilter(name, kind));
    filter.providers().push_back({std::string(provider.name), provider.filter, {}, {}});
    settings.chain.push_back(name);
    return filter;
}

Status add_by_type(FilterSettings& settings, Arguments arguments, Invocation& invocation) {
    if (arguments.size() < 2) return Error{"AddOutputFilterByType requires at least two arguments"};
    for (const auto name : split(arguments[0], ';')) {
        const auto found = find_known(invocation, std::string(name));
        if (!found) return found.error();
        auto& types = filter_by_type(settings, **found).providers().front().types;
        types.insert(types.end(), arguments.begin() + 1, arguments.end());
    }
    return {};
}

FilterEffects effects_named(const std::string& flags) {
    const auto text = lower(flags);
    const auto says = [&](std::string_view flag) { return text.find(flag) != text.npos; };
    return {.changes_content = says("change=yes") || says("change=1:1"),
            .prevents_ranges = says("byteranges=no"),
            .prevents_caching = says("cache=no"),
            .not_for_proxied = says("proxy=no"),
            .obeys_no_transform = says("proxy=transform")};
}

Status set_protocol(FilterSettings& settings, Arguments arguments) {
    const auto& name = arguments[0];
    if (!settings.declared.contains(name)) return Error{"FilterProtocol: No such filter"};
    SmartFilter& filter = filter_named(settings, name);
    const auto effects = effects_named(arguments.back());
    if (arguments.size() == 2) {
        filter.effects() = effects;
        return {};
    }
    for (auto& provider : filter.providers())
        if (iequals(provider.name, arguments[1])) {
            provider.effects = effects;
            return {};
        }
    return Error{"FilterProtocol: No such provider for this filter"};
}

Status check_trace(FilterSettings& settings, Arguments arguments) {
    if (settings.declared.contains(arguments[0])) return {};
    return Error{"Undeclared smart filter " + arguments[0]};
}

Verdict insert_chain(Request& request) {
    const auto& settings = request.of<FilterSettings>();
    for (const auto& name : settings.chain) {
        if (const auto* filter = settings.find(name))
            insert_filter<OutputFilter>(request.output_filters, *filter);
        else
            request.log("filter", log::Level::warn,
                        request.arena.join({"AH01380: Unknown filter ", name, " not added"}));
    }
    return declined;
}

} // namespace

Module filter_module() {
    using config::anywhere;
    using config::edits;
    using config::override_options;
    constexpr unsigned not_in_files = anywhere & ~config::htaccess;
    Module module{.name = "filter"};
    module.directives = {
        {"FilterDeclare", Shape::one_or_two, anywhere, override_options, edits<declare>,
         "filter-name [filter-type]"},
        {"FilterProvider", Shape::three, anywhere, override_options, edits<add_provider>,
         "filter-name provider-name match-expression"},
        {"FilterChain", Shape::each, anywhere, override_options, edits<change_chain>,
         "list of filter names with optional [+-=!@]"},
        {"FilterTrace", Shape::two, not_in_files, config::override_none, edits<check_trace>,
         "filter-name debug-level"},
        {"AddOutputFilterByType", Shape::words, anywhere, config::override_file_info,
         edits<add_by_type>, "output filter name followed by one or more content-types"},
        {"FilterProtocol", Shape::two_or_three, anywhere, override_options, edits<set_protocol>,
         "filter-name [provider-name] protocol-args"},
    };
    module.settings.push_back(config::settings_type<FilterSettings>());
    module.hooks.fixups = insert_chain;
    return module;
}

} // namespace preforkd
