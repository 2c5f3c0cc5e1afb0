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

// The mutexes that Apache's modules register; the accept mutex is the one that this server takes.
constexpr std::array mutex_names{
    std::string_view("mpm-accept"),
    std::string_view("watchdog-callback"),
    std::string_view("ssl-cache"),
    std::string_view("ssl-stapling"),
    std::string_view("ssl-stapling-refresh"),
    std::string_view("rewrite-map"),
    std::string_view("authdigest-client"),
    std::string_view("authdigest-opaque"),
    std::string_view("authn-socache"),
    std::string_view("cache-socache"),
    std::string_view("ldap-cache"),
    std::string_view("proxy"),
    std::string_view("proxy-balancer-shm"),
    std::string_view("cgid-script"),
};

Status apply_choice(ProcessSettings& settings, const MutexChoice& choice,
                    const std::string& argument) {
    const std::string name = lower(argument);
    const bool is_known =
        std::find(mutex_names.begin(), mutex_names.end(), name) != mutex_names.end();
    if (name != "default" && !is_known)
        return Error{fmt::format("Mutex type {} is not valid", argument)};
    if (choice.mechanism == "none" && (name == "default" || name == "mpm-accept"))
        return Error{fmt::format("None is not allowed for mutex type {}", argument)};
    if (name == "default") {
        settings.default_mutex = choice;
    } else if (name == "mpm-accept") {
        settings.accept_mutex = choice;
        settings.accept_mutex_was_set = true;
    }
    return {};
}

} // namespace

Status set_mutex(config::Invocation& invocation, config::Arguments arguments) {
    if (arguments.empty())
        return Error{
            fmt::format("Mutex requires at least a mechanism argument {}", all_mechanisms)};
    const auto choice = parse_mechanism(invocation, arguments[0]);
    if (!choice) return choice.error();
    auto& settings = invocation.server.server_settings.edit<ProcessSettings>();
    bool named = false;
    for (const std::string& name : arguments.subspan(1)) {
        if (iequals(name, "OmitPID")) continue;
        named = true;
        if (auto applied = apply_choice(settings, *choice, name); !applied) return applied;
    }
    if (named) return {};
    return apply_choice(settings, *choice, "default");
}

} // namespace preforkd
