#include "modules/server/core/mutex.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"
#include "config/process_settings.h"
#include "os/file.h"

namespace preforkd {

namespace {

using config::MutexChoice;
using config::ProcessSettings;

constexpr std::string_view all_mechanisms =
    "(Mutex mechanisms are: 'none', 'default', 'flock:/path/to/file', 'fcntl:/path/to/file', "
    "'file:/path/to/file', 'pthread', 'sysvsem', 'posixsem', 'sem')";

struct Mechanism {
    std::string_view word;
    std::string_view means; // for pool::make_accept_mutex
};

constexpr std::array mechanisms{
    Mechanism{"none", "none"},       Mechanism{"no", "none"},
    Mechanism{"default", "default"}, Mechanism{"yes", "default"},
    Mechanism{"flock", "flock"},     Mechanism{"fcntl", "fcntl"},
    Mechanism{"file", "fcntl"},      Mechanism{"pthread", "pthread"},
    Mechanism{"sysvsem", "sysvsem"}, Mechanism{"posixsem", "posixsem"},
    Mechanism{"sem", "posixsem"},
};

// "file" is taken by mutexes that have one; the rest only note it.
Result<MutexChoice> parse_mechanism(const config::Invocation& invocation,
                                    const std::string& argument) {
    const auto colon = argument.find(':');
    const std::string word = lower(std::string_view(argument).substr(0, colon));
    const auto known =
        std::find_if(mechanisms.begin(), mechanisms.end(),
                     [&](const Mechanism& mechanism) { return mechanism.word == word; });
    if (known == mechanisms.end())
        return Error{fmt::format("Invalid Mutex argument {} {}", argument, all_mechanisms)};
    MutexChoice choice{std::string(known->means), {}};
    if (colon == std::string::npos || colon + 1 == argument.size()) return choice;
    choice.path = invocation.server_relative(argument.substr(colon + 1));
    struct stat status {};
    if (stat_path(choice.path.c_str(), status) != 0)
        return Error{"Invalid Mutex directory in argument " + argument};
    return choice;
}

struct MutexName {
    std::string_view name;
    std::string_view module; // that has it; empty for the server itself
};

// Apache's mutexes; the accept mutex is the one that this server takes.
constexpr std::array mutex_names{
    MutexName{"mpm-accept", ""},
    MutexName{"watchdog-callback", ""},
    MutexName{"ssl-cache", "ssl_module"},
    MutexName{"ssl-stapling", "ssl_module"},
    MutexName{"ssl-stapling-refresh", "ssl_module"},
    MutexName{"rewrite-map", "rewrite_module"},
    MutexName{"authdigest-client", "auth_digest_module"},
    MutexName{"authn-socache", "authn_socache_module"},
    MutexName{"proxy", "proxy_module"},
    MutexName{"proxy-balancer-shm", "proxy_balancer_module"},
};

Status apply_choice(const config::Configuration& configuration, ProcessSettings& settings,
                    const MutexChoice& choice, const std::string& name) {
    const auto known = mutexes_of(configuration);
    const bool is_known = std::find(known.begin(), known.end(), name) != known.end();
    if (name != "default" && !is_known)
        return Error{fmt::format("Mutex type {} is not valid", name)};
    if (choice.mechanism == "none")
        return Error{fmt::format("None is not allowed for mutex type {}", name)};
    if (name == "default") {
        settings.default_mutex = choice;
    } else if (name == "mpm-accept") {
        settings.accept_mutex = choice;
        settings.accept_mutex_was_set = true;
    } else {
        settings.other_mutexes[name] = choice;
    }
    return {};
}

} // namespace

std::vector<std::string_view> mutexes_of(const config::Configuration& configuration) {
    std::vector<std::string_view> names;
    for (const auto& [name, module] : mutex_names)
        if (module.empty() || configuration.has_module(module)) names.push_back(name);
    return names;
}

Status set_mutex(config::Invocation& invocation, config::Arguments arguments) {
    if (arguments.empty())
        return Error{
            fmt::format("Mutex requires at least a mechanism argument {}", all_mechanisms)};
    auto choice = parse_mechanism(invocation, arguments[0]);
    if (!choice) return choice.error();
    for (const std::string& word : arguments.subspan(1))
        choice->omits_pid = choice->omits_pid || iequals(word, "OmitPID");
    auto& settings = invocation.server.server_settings.edit<ProcessSettings>();
    bool named = false;
    for (const std::string& name : arguments.subspan(1)) {
        if (iequals(name, "OmitPID")) continue;
        named = true;
        if (auto applied = apply_choice(invocation.configuration, settings, *choice, name);
            !applied)
            return applied;
    }
    if (named) return {};
    return apply_choice(invocation.configuration, settings, *choice, "default");
}

} // namespace preforkd
