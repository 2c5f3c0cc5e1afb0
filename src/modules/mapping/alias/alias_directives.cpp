// The directives of alias: what they take, and where each form may stand.
#include "base/text.h"
#include "config/configuration.h"
#include "http/uri.h"
#include "modules/mapping/alias/alias_settings.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Scope;
using config::Section;
using config::Shape;

namespace {

AliasSettings& directory_settings(Invocation& invocation) {
    return settings_for(invocation, Scope::directory).edit<AliasSettings>();
}

AliasServerSettings& server_settings(Invocation& invocation) {
    return settings_for(invocation, Scope::server).edit<AliasServerSettings>();
}

std::string_view name_of(const Invocation& invocation) { return invocation.directive.name; }

// Without the doubled slashes and dots that an administrator may have written.
std::string tidy(std::string path) {
    Arena arena;
    const auto tidied = http::normalize_path(path, true, arena);
    return tidied ? std::string(*tidied) : path;
}

Result<Regex> compile(std::string_view pattern) {
    auto regex = Regex::compile(pattern);
    if (!regex) return Error{"Regular expression could not be compiled."};
    return regex;
}

void warn_of_overlap(Invocation& invocation, const AliasEntry& entry) {
    for (const auto* earlier : server_settings(invocation).aliases) {
        if (earlier->regex || covered_length(entry.path, earlier->path) == 0) continue;
        const auto& place = invocation.node.place;
        invocation.warn("AH00671: The " + entry.directive + " directive in " +
                        (place.file ? *place.file : std::string()) + " at line " +
                        std::to_string(place.line) +
                        " will probably never match because it overlaps an earlier " +
                        earlier->directive + ".");
        return;
    }
}

Status add_location_alias(Invocation& invocation, const std::string& target, bool is_script) {
    const std::string name(name_of(invocation));
    if (invocation.section->kind == Section::Kind::directory)
        return Error{name + " cannot occur within <Directory> section"};
    if (invocation.section->kind == Section::Kind::files)
        return Error{name + " cannot occur within <Files> section"};
    if (invocation.section->kind == Section::Kind::if_)
        return Error{name + " cannot occur within <If> section"};
    // Where the target begins is known when a request comes, if variables stand in it.
    const bool varies = target.find("%{") != std::string::npos;
    auto expression = Expression::text(varies ? target : tidy(invocation.server_relative(target)),
                                       invocation.configuration);
    if (!expression)
        return Error{"Cannot parse alias expression '" + target + "': " + expression.error().what};
    directory_settings(invocation).alias = AliasSettings::LocationAlias{
        std::move(*expression), invocation.section->pattern, is_script};
    return {};
}

template <bool is_script>
Status add_alias(Invocation& invocation, Arguments arguments) {
    const std::string name(name_of(invocation));
    if (invocation.section) {
        if (arguments.size() == 1) return add_location_alias(invocation, arguments[0], is_script);
        return Error{name + " cannot occur within directory context"};
    }
    if (arguments.size() != 2) return Error{"Alias must have two arguments when used globally"};
    AliasEntry entry;
    entry.directive = name;
    entry.path = arguments[0];
    entry.target = tidy(invocation.server_relative(arguments[1]));
    entry.is_script = is_script;
    warn_of_overlap(invocation, entry);
    server_settings(invocation).aliases.add(std::move(entry));
    return {};
}

template <bool is_script>
Status add_alias_match(Invocation& invocation, Arguments arguments) {
    auto regex = compile(arguments[0]);
    if (!regex) return regex.error();
    AliasEntry entry;
    entry.directive = name_of(invocation);
    entry.regex = std::move(*regex);
    entry.target = invocation.server_relative(arguments[1]);
    entry.is_script = is_script;
    server_settings(invocation).aliases.add(std::move(entry));
    return {};
}

// The status that a word or a number names, or nothing.
std::optional<int> redirect_status(std::string_view word) {
    if (iequals(word, "permanent")) return 301;
    if (iequals(word, "temp")) return 302;
    if (iequals(word, "seeother")) return 303;
    if (iequals(word, "gone")) return 410;
    if (!is_digit(word.front())) return std::nullopt;
    const auto end = word.find_first_not_of("0123456789");
    return static_cast<int>(parse_decimal(word.substr(0, end)).value_or(0));
}

// Whether `text` begins with a scheme (Apache: ap_is_url).
bool is_url(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == 0 || colon == std::string_view::npos) return false;
    for (char c : text.substr(0, colon))
        if (!is_alpha(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') return false;
    return true;
}

// What a Redirect line says, once its status is taken off.
struct RedirectLine {
    int status;
    std::string path; // or a pattern
    std::string url;
};

Result<RedirectLine> read_redirect(Arguments arguments, int usual_status) {
    const auto given =
        arguments.front().empty() ? std::nullopt : redirect_status(arguments.front());
    if (arguments.size() == 3 && !given)
        return Error{"Redirect: invalid first argument (of three)"};
    // Two words may also be a path that looks like a status, but never for these.
    RedirectLine line{given.value_or(usual_status), {}, {}};
    const auto rest = given ? arguments.subspan(1) : arguments;
    if (!rest.empty()) line.path = rest[0];
    if (rest.size() > 1) line.url = rest[1];
    return line;
}

Status set_location_redirect(Invocation& invocation, const RedirectLine& line) {
    if (is_redirect_status(line.status) && line.path.empty())
        return Error{"URL to redirect to is missing"};
    AliasSettings::LocationRedirect redirect{line.status, {}};
    if (!line.path.empty()) {
        auto target = Expression::text(line.path, invocation.configuration);
        if (!target)
            return Error{"Cannot parse redirect expression '" + line.path +
                         "': " + target.error().what};
        redirect.target = std::move(*target);
    }
    directory_settings(invocation).redirect = std::move(redirect);
    return {};
}

Status check_redirect_url(const RedirectLine& line, bool is_pattern) {
    if (!is_redirect_status(line.status)) {
        if (!line.url.empty()) return Error{"Redirect URL not valid for this status"};
        return {};
    }
    if (line.url.empty()) return Error{"URL to redirect to is missing"};
    if (!is_pattern && !line.url.starts_with('/') && !is_url(line.url))
        return Error{"Redirect to non-URL"};
    return {};
}

Status add_redirect_line(Invocation& invocation, RedirectLine line, bool is_pattern) {
    if (auto checked = check_redirect_url(line, is_pattern); !checked) return checked;
    AliasEntry entry;
    entry.directive = name_of(invocation);
    if (is_pattern) {
        auto regex = compile(line.path);
        if (!regex) return regex.error();
        entry.regex = std::move(*regex);
    } else {
        entry.path = std::move(line.path);
    }
    entry.target = std::move(line.url);
    entry.status = line.status;
    if (invocation.section) directory_settings(invocation).redirects.add(std::move(entry));
    else server_settings(invocation).redirects.add(std::move(entry));
    return {};
}

template <int usual_status>
Status add_redirect(Invocation& invocation, Arguments arguments) {
    auto line = read_redirect(arguments, usual_status);
    if (!line) return line.error();
    const bool has_one_part = line->url.empty();
    if (invocation.section && has_one_part &&
        (is_redirect_status(line->status) || line->path.empty()))
        return set_location_redirect(invocation, *line);
    return add_redirect_line(invocation, std::move(*line), false);
}

Status add_redirect_match(Invocation& invocation, Arguments arguments) {
    auto line = read_redirect(arguments, 302);
    if (!line) return line.error();
    return add_redirect_line(invocation, std::move(*line), true);
}

constexpr unsigned everywhere_but_htaccess = config::anywhere & ~config::htaccess;
constexpr unsigned outside_sections = config::server_config | config::virtual_host;

} // namespace

std::vector<config::Directive> alias_directives() {
    using config::anywhere;
    using config::override_file_info;
    constexpr std::string_view alias_usage =
        "a fakename and a realname, or a realname in a Location";
    constexpr std::string_view match_usage = "a regular expression and a filename";
    constexpr std::string_view fixed_redirect_usage =
        "a document to be redirected, then the destination URL";
    return {
        {"Alias", Shape::one_or_two, everywhere_but_htaccess, 0, add_alias<false>, alias_usage},
        {"ScriptAlias", Shape::one_or_two, everywhere_but_htaccess, 0, add_alias<true>,
         alias_usage},
        {"Redirect", Shape::one_two_or_three, anywhere, override_file_info, add_redirect<302>,
         "an optional status, then document to be redirected and destination URL"},
        {"AliasMatch", Shape::two, outside_sections, 0, add_alias_match<false>, match_usage},
        {"ScriptAliasMatch", Shape::two, outside_sections, 0, add_alias_match<true>, match_usage},
        {"RedirectMatch", Shape::two_or_three, anywhere, override_file_info, add_redirect_match,
         "an optional status, then a regular expression and destination URL"},
        {"RedirectTemp", Shape::two, anywhere, override_file_info, add_redirect<302>,
         fixed_redirect_usage},
        {"RedirectPermanent", Shape::two, anywhere, override_file_info, add_redirect<301>,
         fixed_redirect_usage},
        {"RedirectRelative", Shape::flag, anywhere, override_file_info,
         config::sets_flag<&AliasSettings::may_be_relative>,
         "Set to ON to allow relative redirect targets to be issued as-is"},
        {"AliasPreservePath", Shape::flag, anywhere, override_file_info,
         config::sets_flag<&AliasSettings::preserves_path>,
         "Set to ON to map the full path after the fakename to the realname."},
    };
}

} // namespace preforkd
