#include "app/migrate/module_guide.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "pipeline/module.h"
#include "pipeline/phases.h"

namespace preforkd::migrate {

namespace {

// What does the work of another module here, once preforkd has it.
struct StandIn {
    std::string_view module;
    std::string_view ours;    // a module of preforkd
    std::string_view instead; // what to write then
};

constexpr std::string_view by_fastcgi = "SetHandler \"proxy:unix:/PATH|fcgi://localhost\"";
constexpr std::array stand_ins{
    StandIn{"mod_fcgid", "proxy_fcgi", by_fastcgi},
    StandIn{"mod_fastcgi", "proxy_fcgi", by_fastcgi},
    StandIn{"mod_php", "proxy_fcgi",
            "PHP-FPM behind SetHandler \"proxy:unix:/PATH|fcgi://localhost\""},
    StandIn{"mod_suphp", "proxy_fcgi", "a PHP-FPM pool for each user, behind mod_proxy_fcgi"},
    StandIn{"mod_wsgi", "proxy_http", "gunicorn or uWSGI behind ProxyPass"},
    StandIn{"mod_python", "proxy_http", "gunicorn or uWSGI behind ProxyPass"},
    StandIn{"mod_passenger", "proxy_http", "Passenger Standalone or Puma behind ProxyPass"},
    StandIn{"mod_perl", "proxy_http", "a PSGI server (Starman) behind ProxyPass"},
    StandIn{"mod_mono", "proxy_http", "the application's own server behind ProxyPass"},
    StandIn{"mod_jk", "proxy_http", "Tomcat's HTTP connector behind ProxyPass"},
    StandIn{"mod_rpaf", "remoteip", "RemoteIPHeader and RemoteIPInternalProxy"},
    StandIn{"mod_cloudflare", "remoteip", "RemoteIPHeader CF-Connecting-IP"},
    StandIn{"mod_gzip", "deflate", "SetOutputFilter DEFLATE"},
    StandIn{"mod_bw", "ratelimit", "SetOutputFilter RATE_LIMIT"},
    StandIn{"mod_gnutls", "ssl", "mod_ssl's directives"},
    StandIn{"mod_nss", "ssl", "mod_ssl's directives"},
    StandIn{"mod_evasive", "reqtimeout", "fail2ban, or limits of the firewall"},
};

// "mod_alias", "mpm_event"
std::string title_of(const Module& module) { return module_of_identifier(identifier_of(module)); }

bool is_ours(std::string_view title) {
    const auto& modules = all_modules();
    return std::any_of(modules.begin(), modules.end(),
                       [&](const Module& module) { return title_of(module) == title; });
}

bool stands_for(std::string_view pattern, std::string_view name) {
    if (!pattern.ends_with('*')) return iequals(pattern, name);
    return istarts_with(name, pattern.substr(0, pattern.size() - 1));
}

// Exact names first: "SessionCookieName" is not of "Session*".
std::string_view find_in(std::span<const DirectivesOf> table, std::string_view name, bool exact) {
    for (const DirectivesOf& row : table)
        for (const auto pattern : split(row.names, ' '))
            if (pattern.ends_with('*') != exact && stands_for(pattern, name)) return row.module;
    return {};
}

std::string module_of_ours(std::string_view name) {
    for (const Module& module : all_modules())
        for (const auto& row : module.directives)
            if (iequals(row.is_section() ? row.name.substr(1) : row.name, name))
                return title_of(module);
    return {};
}

bool is_apaches(std::string_view module) {
    // Apache's modules without a directive of their own, or with none that preforkd lacks.
    constexpr std::array<std::string_view, 16> silent{
        "mod_proxy_http",         "mod_proxy_balancer",      "mod_proxy_ajp",
        "mod_proxy_uwsgi",        "mod_proxy_http2",         "mod_lbmethod_byrequests",
        "mod_lbmethod_bytraffic", "mod_lbmethod_bybusyness", "mod_lbmethod_heartbeat",
        "mod_slotmem_shm",        "mod_slotmem_plain",       "mod_suexec",
        "mod_socache_dbm",        "mod_socache_dc",          "mod_bucketeer",
        "mod_privileges"};
    const auto table = directives_of_apaches_modules();
    return std::find(silent.begin(), silent.end(), module) != silent.end() ||
           std::any_of(table.begin(), table.end(),
                       [&](const DirectivesOf& row) { return row.module == module; });
}

} // namespace

std::string module_of_directive(std::string_view name) {
    if (auto ours = module_of_ours(name); !ours.empty()) return ours;
    for (const bool exact : {true, false})
        for (const auto table : {directives_of_apaches_modules(), directives_of_other_modules()})
            if (const auto module = find_in(table, name, exact); !module.empty())
                return std::string(module);
    return {};
}

std::string module_of_identifier(std::string_view identifier) {
    if (identifier.starts_with("php") && identifier.ends_with("_module")) return "mod_php";
    if (identifier.starts_with("security")) return "mod_security";
    if (identifier.ends_with("_module"))
        identifier.remove_suffix(std::string_view("_module").size());
    return fmt::format("{}{}", identifier.starts_with("mpm_") ? "" : "mod_", identifier);
}

std::string advice_about(std::string_view module) {
    if (module.empty()) return "no module that is known has it";
    if (is_ours(module))
        return "preforkd has it, but no LoadModule of this configuration enables it";
    if (module == before_2_4) return "gone since then; remove the line";
    for (const StandIn& row : stand_ins)
        if (row.module == module && is_ours(fmt::format("mod_{}", row.ours)))
            return fmt::format("instead: {}", row.instead);
    if (is_apaches(module)) return "one of Apache's, and not here yet";
    return "not one of Apache's; it is not here, and nothing stands in for it";
}

} // namespace preforkd::migrate
