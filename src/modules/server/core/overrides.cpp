// What a directory may do (Options), and what its .htaccess may change (AllowOverride).
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"
#include "modules/server/core/core_directives.h"
#include "pipeline/core_settings.h"

namespace preforkd {

namespace {

using config::Arguments;
using config::Invocation;
using config::Shape;

struct NamedOption {
    std::string_view name;
    unsigned bits;
};

constexpr std::array options{
    NamedOption{"indexes", option_indexes},
    NamedOption{"includes", option_includes},
    NamedOption{"includesnoexec", option_includes_no_exec},
    NamedOption{"followsymlinks", option_follow_symlinks},
    NamedOption{"symlinksifownermatch", option_symlinks_if_owner},
    NamedOption{"execcgi", option_exec_cgi},
    NamedOption{"multiviews", option_multiviews},
    NamedOption{"runscripts", option_multiviews | option_exec_cgi},
    NamedOption{"none", 0},
    NamedOption{"all", option_all},
};

const NamedOption* find_option(std::string_view name) {
    for (const NamedOption& option : options)
        if (iequals(option.name, name)) return &option;
    return nullptr;
}

// Both forms of Includes stand for one thing with and without commands: neither survives the
// other's coming or going.
constexpr unsigned all_includes = option_includes | option_includes_no_exec;

void add_option(OptionsChange& change, unsigned bits) {
    const unsigned ousted = bits & all_includes ? all_includes & ~bits : 0;
    change.added = (change.added & ~ousted) | bits;
    change.removed = (change.removed & ~bits) | ousted;
}

void remove_option(OptionsChange& change, unsigned bits) {
    if (bits & all_includes) bits |= all_includes;
    change.removed |= bits;
    change.added &= ~bits;
}

Status check_none_and_all(const NamedOption& option, char sign, bool first) {
    const bool is_none = option.name == "none";
    if (!is_none && option.name != "all") return {};
    if (sign != 0) {
        const std::string_view name = is_none ? "None" : "All";
        return Error{fmt::format("You may not use 'Options +{0}' or 'Options -{0}'.", name)};
    }
    if (first) return {};
    return Error{is_none ? "'Options None' must be the first Option given."
                         : "'Options All' must be the first option given."};
}

char sign_of(std::string_view argument) {
    return argument.starts_with('+') || argument.starts_with('-') ? argument[0] : '\0';
}

Result<OptionsChange> parse_options(Arguments arguments, unsigned allowed) {
    OptionsChange change;
    change.replaces = !arguments.empty() && sign_of(arguments[0]) == 0;
    bool none_or_all = false; // signs may follow
    bool signs = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string_view name = arguments[i];
        const char sign = sign_of(name);
        if (sign != 0) name.remove_prefix(1);
        if (sign == 0 ? signs : change.replaces && !none_or_all)
            return Error{"Either all Options must start with + or -, or no Option may."};
        const NamedOption* option = find_option(name);
        if (!option) return Error{"Illegal option " + std::string(name)};
        if (auto checked = check_none_and_all(*option, sign, i == 0); !checked)
            return checked.error();
        if ((option->bits & ~allowed) != 0)
            return Error{"Option " + std::string(name) + " not allowed here"};
        signs = signs || sign != 0;
        none_or_all = none_or_all || option->name == "none" || option->name == "all";
        if (sign == 0) change.set |= option->bits;
        else if (change.replaces)
            change.set = sign == '+' ? change.set | option->bits : change.set & ~option->bits;
        else if (sign == '+') add_option(change, option->bits);
        else remove_option(change, option->bits);
    }
    return change;
}

Status set_options(CoreDirectorySettings& settings, Arguments arguments, Invocation& invocation) {
    if (arguments.empty()) return {};
    const auto change = parse_options(arguments, invocation.allowed_options);
    if (!change) return change.error();
    CoreDirectorySettings changed;
    changed.options = *change;
    changed.inherit_from(settings);
    settings.options = changed.options;
    return {};
}

struct NamedOverride {
    std::string_view name;
    unsigned bits;
};

constexpr std::array override_classes{
    NamedOverride{"limit", config::override_limit},
    NamedOverride{"options", config::override_options},
    NamedOverride{"fileinfo", config::override_file_info},
    NamedOverride{"authconfig", config::override_auth_config},
    NamedOverride{"indexes", config::override_indexes},
};

// "Options=Indexes,MultiViews": only these may be changed.
Status limit_options(CoreDirectorySettings& settings, std::string_view list) {
    unsigned allowed = 0;
    for (std::string_view name : split(list, ',')) {
        const NamedOption* option = find_option(name);
        if (!option) return Error{"Illegal option " + std::string(name)};
        allowed |= option->bits;
    }
    settings.allow_override_options = allowed;
    return {};
}

void set_nonfatal(CoreDirectorySettings& settings, std::string_view what) {
    if (iequals(what, "override") || iequals(what, "all")) settings.override_errors_fatal = false;
    if (iequals(what, "unknown") || iequals(what, "all")) settings.unknown_errors_fatal = false;
}

Status allow_one(CoreDirectorySettings& settings, std::string_view argument) {
    const auto equals = argument.find('=');
    const std::string_view name = argument.substr(0, equals);
    const auto value =
        equals == std::string_view::npos ? std::string_view() : argument.substr(equals + 1);
    unsigned& allowed = *settings.allow_override;
    if (iequals(name, "none")) {
        allowed = config::override_none;
    } else if (iequals(name, "all")) {
        allowed = config::override_all;
    } else if (iequals(name, "nonfatal")) {
        set_nonfatal(settings, value);
    } else {
        const auto found =
            std::find_if(override_classes.begin(), override_classes.end(),
                         [&](const NamedOverride& known) { return iequals(known.name, name); });
        if (found == override_classes.end())
            return Error{"Illegal override option " + std::string(name)};
        allowed |= found->bits;
        if (found->bits != config::override_options) return {};
        if (equals != std::string_view::npos) return limit_options(settings, value);
        settings.allow_override_options = option_all | option_includes_no_exec;
    }
    return {};
}

// AllowOverride is looked up while the directories of a path are walked, before any other section.
bool is_useless(const Invocation& invocation) {
    return invocation.section && invocation.section->kind != config::Section::Kind::directory;
}

std::string file_of(const Invocation& invocation) {
    const auto& file = invocation.node.place.file;
    return file ? *file : std::string();
}

Status allow_override(CoreDirectorySettings& settings, Arguments arguments,
                      Invocation& invocation) {
    if (is_useless(invocation))
        invocation.warn(fmt::format("AH00114: Useless use of AllowOverride in line {} of {}.",
                                    invocation.node.place.line, file_of(invocation)));
    settings.allow_override = config::override_none;
    settings.allow_override_options = ~0u;
    settings.override_errors_fatal = true;
    for (const std::string& argument : arguments)
        if (auto allowed = allow_one(settings, argument); !allowed) return allowed;
    return {};
}

void allow_directive(std::vector<std::string>& list, const std::string& name,
                     const Invocation& invocation) {
    const int line = invocation.node.place.line;
    const auto* row = invocation.table.find(name);
    if (!row)
        invocation.warn(fmt::format("AH00116: Discarding unrecognized directive `{}' in "
                                    "AllowOverrideList at {}:{}",
                                    name, file_of(invocation), line));
    else if ((row->directive->contexts & config::htaccess) == 0)
        invocation.warn(fmt::format("AH02304: Discarding directive `{}' not allowed in "
                                    "AllowOverrideList at {}:{}",
                                    name, file_of(invocation), line));
    else list.push_back(name);
}

Status allow_override_list(CoreDirectorySettings& settings, Arguments arguments,
                           Invocation& invocation) {
    if (is_useless(invocation))
        invocation.warn(fmt::format("AH00115: Useless use of AllowOverrideList at {}:{}",
                                    file_of(invocation), invocation.node.place.line));
    auto& list = settings.allow_override_list.emplace();
    for (const std::string& name : arguments) {
        if (iequals(name, "none")) {
            if (arguments.size() == 1) return {};
            return Error{"'None' not allowed with other directives in AllowOverrideList"};
        }
        allow_directive(list, name, invocation);
    }
    return {};
}

Status set_access_file_names(CoreServerSettings& settings, Arguments arguments) {
    settings.access_file_names = std::vector<std::string>(arguments.begin(), arguments.end());
    return {};
}

const std::array override_rows{
    config::Directive{"Options", Shape::words, config::anywhere, config::override_options,
                      config::edits<set_options>,
                      "Set a number of attributes for a given directory"},
    config::Directive{"AllowOverride", Shape::words, config::directory, config::override_none,
                      config::edits<allow_override>,
                      "Controls what groups of directives can be configured by per-directory "
                      "config files"},
    config::Directive{"AllowOverrideList", Shape::words, config::directory, config::override_none,
                      config::edits<allow_override_list>,
                      "Controls what individual directives can be configured by per-directory "
                      "config files"},
    config::Directive{"AccessFileName", Shape::words, in_servers, config::override_none,
                      config::edits<set_access_file_names>,
                      "Name(s) of per-directory config files (default: .htaccess)"},
};

} // namespace

std::span<const config::Directive> override_directives() { return override_rows; }

} // namespace preforkd
