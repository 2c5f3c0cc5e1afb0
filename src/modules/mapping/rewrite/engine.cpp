#include "modules/mapping/rewrite/engine.h"

#include <algorithm>

#include "base/text.h"
#include "config/configuration.h"
#include "modules/mapping/rewrite/conditions.h"
#include "modules/mapping/rewrite/cookie.h"
#include "modules/mapping/rewrite/notes.h"
#include "modules/mapping/rewrite/trace.h"
#include "pipeline/core_settings.h"
#include "pipeline/server_names.h"

namespace preforkd::rewrite {

namespace {

constexpr std::string_view schemes[] = {
    "ajp://",  "balancer://", "fcgi://",  "ftp://",   "gopher://", "h2://",
    "h2c://",  "http://",     "https://", "ldap://",  "mailto:",   "news:",
    "nntp://", "scgi://",     "unix:",    "uwsgi://", "ws://",     "wss://",
};

// Those whose URLs have no query of their own: what follows a ? is part of the rest.
constexpr std::string_view without_query[] = {"ftp://", "gopher://", "ldap://", "news:", "nntp://"};

bool has_query_of_its_own(std::string_view url) {
    return std::any_of(std::begin(without_query), std::end(without_query),
                       [&](std::string_view scheme) { return istarts_with(url, scheme); });
}

class Engine {
  public:
    Engine(Request& request, const Entries<Rule>& rules, std::string_view directory)
        : request_(request), arena_(request.arena), rules_(rules), directory_(directory),
          trace_(request, directory) {
        if (directory.empty()) return;
        known_ = {request.filename, request.storage.kind != Storage::Kind::missing,
                  request.storage.status};
    }
    Rewriting run();

  private:
    enum class Applied : unsigned char { no, without_substitution, yes };
    Applied apply(const Rule& rule);
    std::string_view subject();
    Applied substitute(const Rule& rule, std::string_view subject, Scope& scope);
    void split_query(const Rule& rule);
    void add_prefix();
    void qualify();
    bool is_own_place(std::string_view host, unsigned short port) const;
    void reduce();
    void change_variables(const Effects& effects, const Scope& scope);
    void remember_type(const Effects& effects, const Scope& scope);
    bool is_too_long(const Rule& rule);
    bool goes_on(const Rule& rule);

    Request& request_;
    Arena& arena_;
    const Entries<Rule>& rules_;
    std::string_view directory_;
    Trace trace_;
    KnownFile known_;
    Groups rule_groups_{}, condition_groups_{};
    std::string_view vary_;
    Rewriting result_;
};

// The name that rules are matched against: in a directory, what follows the directory.
std::string_view Engine::subject() {
    std::string_view name = request_.filename;
    if (directory_.empty()) return name;
    if (!request_.path_info.empty()) {
        trace_(3, "add path info postfix: {} -> {}{}", name, name, request_.path_info);
        name = arena_.join({name, request_.path_info});
    }
    if (!name.starts_with(directory_)) return name;
    trace_(3, "strip per-dir prefix: {} -> {}", name, name.substr(directory_.size()));
    return name.substr(directory_.size());
}

void Engine::change_variables(const Effects& effects, const Scope& scope) {
    for (const auto& change : effects.variables) {
        const auto name = change.name.expand(scope);
        if (change.removes) {
            trace_(5, "unsetting env variable '{}'", name);
            request_.remove_variable(name);
            continue;
        }
        const auto value = change.value.expand(scope);
        trace_(5, "setting env variable '{}' to '{}'", name, value);
        request_.set_variable(name, value);
    }
    for (const Cookie& cookie : effects.cookies) set_cookie(request_, cookie.expand(scope), trace_);
}

void Engine::remember_type(const Effects& effects, const Scope& scope) {
    if (effects.forced_type) {
        const auto type = arena_.copy(lower(effects.forced_type->expand(scope)));
        trace_(2, "remember {} to have MIME-type '{}'", request_.filename, type);
        notes_of(request_).forced_type = type;
    }
    if (effects.forced_handler) {
        const auto handler = arena_.copy(lower(effects.forced_handler->expand(scope)));
        trace_(2, "remember {} to have Content-handler '{}'", request_.filename, handler);
        notes_of(request_).forced_handler = handler;
    }
}

void Engine::split_query(const Rule& rule) {
    if (rule.discards_query) {
        trace_(2, "discarding query string");
        request_.query = {};
        request_.has_query = false;
    }
    if (has_query_of_its_own(request_.filename)) {
        request_.query = {};
        request_.has_query = false;
        return;
    }
    const auto whole = request_.filename;
    const auto mark = rule.splits_at_last ? whole.rfind('?') : whole.find('?');
    if (mark == whole.npos) return;
    request_.filename = whole.substr(0, mark);
    std::string_view query = whole.substr(mark + 1);
    if (rule.appends_query)
        query = query.empty() ? request_.query : arena_.join({query, "&", request_.query});
    request_.has_query = !query.empty();
    if (query.ends_with('&')) query.remove_suffix(1);
    request_.query = query;
    trace_(3, "split uri={} -> uri={}, args={}", whole, request_.filename,
           query.empty() ? "<none>" : query);
}

// What is neither a path nor a URL is a name in the directory of the rules, or below the root.
void Engine::add_prefix() {
    const auto name = request_.filename;
    if (name.starts_with('/') || scheme_length(name) > 0) return;
    if (directory_.empty()) {
        trace_(3, "add root prefix: {} -> /{}", name, name);
        request_.filename = arena_.join({"/", name});
        return;
    }
    trace_(3, "add per-dir prefix: {} -> {}{}", name, directory_, name);
    request_.filename = arena_.join({directory_, name});
}

// A path becomes a URL of this server (Apache: fully_qualify_uri).
void Engine::qualify() {
    if (scheme_length(request_.filename) > 0) return;
    const std::string_view slash = request_.filename.starts_with('/') ? "" : "/";
    request_.filename = absolute_url(request_, arena_.join({slash, request_.filename}));
}

// As <VirtualHost> has it, or as ServerName does with the port: a ServerName without one has none
// (Apache: ap_matches_request_vhost).
bool Engine::is_own_place(std::string_view host, unsigned short port) const {
    const auto& server = *request_.server;
    const auto is_this = [&](const config::HostAddress& address) {
        const std::string_view written = address.text;
        return (address.port == 0 || address.port == port) &&
               iequals(host, written.substr(0, written.rfind(':')));
    };
    return std::any_of(server.addresses.begin(), server.addresses.end(), is_this) ||
           (port == server.port && config::goes_by(server, host));
}

// A URL of this server becomes a path: nobody needs to be sent away for it.
void Engine::reduce() {
    const auto scheme = arena_.join({scheme_of(request_), "://"});
    if (!istarts_with(request_.filename, scheme)) return;
    const auto rest = request_.filename.substr(scheme.size());
    const auto slash = std::min(rest.find('/'), rest.size());
    const auto authority = http::parse_host(rest.substr(0, slash));
    if (!authority) return;
    const auto port = authority->port.value_or(usual_port(request_));
    if (!is_own_place(authority->host, port)) return;
    const std::string_view path = slash < rest.size() ? rest.substr(slash) : "/";
    trace_(3, "reduce {} -> {}", request_.filename, path);
    request_.filename = path;
    result_.reduced = true;
}

Engine::Applied Engine::substitute(const Rule& rule, std::string_view subject, Scope& scope) {
    scope.escaping = rule.escaping.get();
    Template::QuestionMarks marks;
    const auto name = rule.output.expand(scope, marks);
    const bool borrows_query =
        rule.splits_at_last ? marks.last_is_borrowed : marks.first_is_borrowed;
    scope.escaping = nullptr;
    trace_(2, "rewrite '{}' -> '{}'", subject, name);
    if (borrows_query && !rule.allows_question_mark) {
        request_.log("rewrite", log::Level::error,
                     "AH10508: Unsafe URL with %3f URL rewritten without UnsafeAllow3F");
        result_.ended = 403;
        return Applied::yes;
    }
    if (rule.effects) change_variables(*rule.effects, scope);
    request_.filename = name;
    if (!directory_.empty() && rule.discards_path_info) request_.path_info = {};
    split_query(rule);
    add_prefix();
    if (rule.proxy) {
        qualify();
        trace_(2, "forcing proxy-throughput with {}", request_.filename);
        result_.proxy = true;
        return Applied::yes;
    }
    if (rule.redirects) {
        qualify();
        trace_(2, "explicitly forcing redirect with {}", request_.filename);
        result_.status = rule.status;
        return Applied::yes;
    }
    reduce();
    if (scheme_length(request_.filename) > 0) {
        trace_(2, "implicitly forcing redirect (rc={}) with {}", rule.status, request_.filename);
        result_.status = rule.status;
        return Applied::yes;
    }
    if (rule.effects) remember_type(*rule.effects, scope);
    return Applied::yes;
}

Engine::Applied Engine::apply(const Rule& rule) {
    const auto uri = subject();
    trace_(3, "applying pattern '{}' to uri '{}'", rule.pattern, uri);
    Groups groups{};
    if (rule.regex->match(uri, groups) == rule.negated) return Applied::no;
    rule_groups_ = rule.negated ? Groups{} : groups;
    Scope scope{request_, rule_groups_, condition_groups_, nullptr, uri, directory_, nullptr};
    condition_groups_ = {};
    if (!conditions_hold(rule, scope, condition_groups_, known_, vary_, trace_)) return Applied::no;
    if (!rule.no_substitution) return substitute(rule, uri, scope);
    if (rule.effects) {
        change_variables(*rule.effects, scope);
        remember_type(*rule.effects, scope);
    }
    return Applied::without_substitution;
}

bool Engine::is_too_long(const Rule& rule) {
    const auto most = 2 * request_.of<CoreServerSettings>().limit_request_line.value_or(8190);
    if (request_.filename.size() <= most) return false;
    request_.log("rewrite", log::Level::error,
                 fmt::format("RewriteRule '{}' and URI '{}' exceeded maximum length ({})",
                             rule.pattern, request_.uri, most));
    return true;
}

// Answers whether the next rule is to be looked at. Requires: `rule` matched.
bool Engine::goes_on(const Rule& rule) {
    if (rule.passes_through) {
        trace_(2, "forcing '{}' to get passed through to next API URI-to-filename handler",
               request_.filename);
        result_.passes_through = result_.changed = true;
        return false;
    }
    if (rule.end) {
        trace_(8, "Rule has END flag, no further rewriting for this request");
        request_.rules_ended = true;
        return false;
    }
    return !rule.proxy && !rule.last;
}

Rewriting Engine::run() {
    int rounds = 1;
    for (auto rule = rules_.begin(); rule != rules_.end(); ++rule) {
        const Rule& one = **rule;
        if (request_.main && (one.no_subrequests || one.redirects)) continue;
        vary_ = {};
        const Applied applied = apply(one);
        if (applied == Applied::no) {
            while ((*rule)->chained && std::next(rule) != rules_.end()) ++rule;
            continue;
        }
        if (!vary_.empty()) request_.response.fields.add(http::FieldId::vary, vary_);
        if (one.ends_request) {
            trace_(2, "forcing responsecode {} for {}", one.status, request_.filename);
            result_.ended = one.status;
            return result_;
        }
        if (result_.ended == 0 && is_too_long(one)) result_.ended = 500;
        if (result_.ended != 0) return result_;
        if (applied == Applied::yes) {
            result_.changed = true;
            result_.no_escape = one.no_escape;
            result_.last = &one;
        }
        if (!goes_on(one)) break;
        if (one.next_round) {
            if (++rounds >= one.most_rounds) {
                request_.log("rewrite", log::Level::error,
                             fmt::format("AH02596: RewriteRule '{}' and URI '{}' exceeded maximum "
                                         "number of rounds ({}) via the [N] flag",
                                         one.pattern, request_.uri, one.most_rounds));
                result_.ended = 500;
                return result_;
            }
            rule = std::prev(rules_.begin());
            continue;
        }
        for (unsigned skipped = 0; skipped < one.skip && std::next(rule) != rules_.end(); ++skipped)
            ++rule;
    }
    return result_;
}

} // namespace

std::size_t scheme_length(std::string_view url) {
    for (const auto scheme : schemes)
        if (istarts_with(url, scheme)) return scheme.size();
    return 0;
}

Rewriting apply_rules(Request& request, const Entries<Rule>& rules, std::string_view directory) {
    return Engine(request, rules, directory).run();
}

} // namespace preforkd::rewrite
