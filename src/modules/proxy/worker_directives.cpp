// <Proxy>, ProxySet and BalancerMember: the servers behind this one, and what counts for them.
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"
#include "config/paths.h"
#include "config/words.h"
#include "modules/proxy/definitions.h"
#include "modules/proxy/proxy_settings.h"
#include "pipeline/proxied_name.h"

namespace preforkd::proxy {

using config::Arguments;
using config::Invocation;
using config::Section;
using config::Shape;

namespace {

// Parameters behind the URL of a <Proxy>.
Status set_section_parameters(Invocation& invocation, const Section& section,
                              std::string_view rest) {
    if (trim(rest).empty()) return {};
    if (section.regex) return Error{"Multiple <ProxyMatch> arguments not (yet) supported."};
    if (section.is_glob) return Error{"<Proxy> arguments are not supported for wildchar url."};
    if (section.pattern.find(':') == std::string::npos)
        return Error{"<Proxy> arguments are not supported for non url."};
    auto defined = Definition::define(server_settings(invocation), section.pattern);
    if (!defined)
        return Error{fmt::format("{} {}", invocation.directive.name, defined.error().what)};
    for (const auto& word : config::split_words(rest)) {
        const auto parameter = parse_parameter(word);
        if (!parameter)
            return Error{"Invalid Proxy parameter. Parameter must be in the form 'key=value'"};
        if (auto set = defined->set(parameter->key, parameter->value); !set)
            return Error{fmt::format("{} {} {}={}; {}", invocation.directive.name, set.error().what,
                                     parameter->key, parameter->value, section.pattern)};
    }
    return {};
}

Status add_section(Invocation& invocation, std::string_view rest, bool is_regex) {
    auto section = std::make_unique<Section>();
    section->kind = Section::Kind::proxy;
    section->place = invocation.node.place;
    section->pattern = config::next_word(rest);
    if (istarts_with(section->pattern, proxied_prefix))
        section->pattern.erase(0, proxied_prefix.size());
    section->is_glob = !is_regex && config::has_wildcard(section->pattern);
    if (is_regex) {
        auto regex = Regex::compile(section->pattern);
        if (!regex) return Error{"Regex could not be compiled"};
        section->regex = std::move(*regex);
    }
    Section& made = *section;
    invocation.server.proxies.push_back(std::move(section));
    auto applied = apply_content(
        invocation, {invocation.server, made.settings, &made, config::Context::directory});
    return applied ? set_section_parameters(invocation, made, rest) : applied;
}

template <bool is_regex>
Status add_section(Invocation& invocation, Arguments arguments) {
    return add_section(invocation, arguments[0], is_regex);
}

const Section* proxy_section(const Invocation& invocation) {
    const auto* section = invocation.section;
    return section && section->kind == Section::Kind::proxy ? section : nullptr;
}

Status set_parameters(Invocation& invocation, Arguments arguments) {
    std::string_view rest = arguments[0];
    const auto* section = proxy_section(invocation);
    const std::string name = section ? section->pattern : config::next_word(rest);
    auto& settings = server_settings(invocation);
    auto target = Definition::find(settings, name);
    if (!target) {
        if (!section)
            return Error{fmt::format("ProxySet can not find '{}' {}.", name,
                                     names_balancer(name) ? "Balancer" : "Worker")};
        auto defined = Definition::define(settings, name);
        if (!defined) return Error{fmt::format("ProxySet {}", defined.error().what)};
        target = *defined;
    }
    for (const auto& word : config::split_words(rest)) {
        const auto parameter = parse_parameter(word);
        if (!parameter)
            return Error{"Invalid ProxySet parameter. Parameter must be in the form 'key=value'"};
        if (auto set = target->set(parameter->key, parameter->value); !set)
            return Error{fmt::format("ProxySet: {} {}={}; {}", set.error().what, parameter->key,
                                     parameter->value, name)};
    }
    return {};
}

struct Member {
    std::string balancer, url;
    std::vector<Parameter> parameters;
};

Result<Member> read_member(const Invocation& invocation, std::string_view text) {
    Member member;
    if (const auto* section = invocation.section) member.balancer = section->pattern;
    for (const auto& word : config::split_words(text)) {
        if (member.balancer.empty()) {
            member.balancer = word;
        } else if (member.url.empty()) {
            if (names_balancer(word))
                return Error{
                    "BalancerMember can not have a balancer name when defined in a location"};
            member.url = word;
        } else if (auto parameter = parse_parameter(word)) {
            member.parameters.push_back(std::move(*parameter));
        } else {
            return Error{"Invalid BalancerMember parameter. Parameter must be in the form "
                         "'key=value'"};
        }
    }
    if (member.balancer.empty())
        return Error{"BalancerMember must define balancer name when outside <Proxy > section"};
    if (member.url.empty()) return Error{"BalancerMember must define remote proxy server"};
    return member;
}

Status add_member(Invocation& invocation, Arguments arguments) {
    auto member = read_member(invocation, arguments[0]);
    if (!member) return member.error();
    auto defined = Definition::define(server_settings(invocation), member->balancer);
    if (!defined) return Error{fmt::format("BalancerMember {}", defined.error().what)};
    if (!defined->balancer)
        return Error{
            fmt::format("BalancerMember Bad syntax for a balancer name ({})", member->balancer)};
    auto worker = make_worker(member->url);
    if (!worker) return Error{fmt::format("BalancerMember {}", worker.error().what)};
    for (const auto& [key, value] : member->parameters)
        if (auto set = set_parameter(*worker, key, value); !set)
            return Error{fmt::format("BalancerMember {}", set.error().what)};
    defined->balancer->members.push_back(std::make_unique<Worker>(std::move(*worker)));
    return {};
}

Status check_growth(ServerSettings&, Arguments arguments) {
    const auto growth = parse_decimal(arguments[0]);
    if (growth && *growth > 1000) return Error{"BalancerGrowth must be between 0 and 1000"};
    return {};
}

} // namespace

std::vector<config::Directive> worker_directives() {
    using namespace config;
    constexpr unsigned servers = server_config | virtual_host;
    constexpr unsigned everywhere = servers | directory;
    return {
        {"<Proxy", Shape::raw, servers, override_none, add_section<false>,
         "Container for directives affecting resources located in the proxied location"},
        {"<ProxyMatch", Shape::raw, servers, override_none, add_section<true>,
         "Container for directives affecting resources located in the proxied location, in regular "
         "expression syntax"},
        {"ProxySet", Shape::raw, everywhere, override_none, set_parameters,
         "A balancer or worker name with list of params"},
        {"BalancerMember", Shape::raw, everywhere, override_none, add_member,
         "A balancer name and scheme with list of params"},
        {"BalancerGrowth", Shape::one, servers, override_none, edits<check_growth>,
         "Number of additional Balancers that can be added post-config"},
        {"BalancerPersist", Shape::flag, servers, override_none, accepted_for_later,
         "on if the balancer should persist changes on reboot/restart made via the Balancer "
         "Manager"},
        {"BalancerInherit", Shape::flag, servers, override_none,
         sets_flag<&ServerSettings::inherits_workers>,
         "on if this server should inherit Balancers and Workers defined in the main server "
         "(Setting to off recommended if using the Balancer Manager)"},
    };
}

} // namespace preforkd::proxy
