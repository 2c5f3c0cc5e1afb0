// access_compat: access by host, as it was said before Require (Order, Allow, Deny, Satisfy).
#include <optional>
#include <variant>
#include <vector>

#include "base/text.h"
#include "config/directive.h"
#include "modules/access/client_host.h"
#include "modules/access/method_choice.h"
#include "modules/modules.h"
#include "net/address.h"
#include "pipeline/request.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::MethodLimit;
using config::Shape;

namespace {

enum class Order : unsigned char { deny_allow, allow_deny, mutual_failure };
enum class Satisfy : unsigned char { all, any };

struct Everyone {};
struct Variable {
    std::string name;
    bool must_be_set = true;
};
struct Host {
    std::string domain;
};
using Clients = std::variant<Everyone, Variable, net::AddressRange, Host>;

// One word after "from".
struct ClientRule {
    Clients clients;
    std::optional<MethodLimit> limit;
};

struct AccessCompatSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    // An inner place that says anything of this says everything, as in Apache.
    void inherit_from(const AccessCompatSettings&) {}

    MethodChoice<Order> order{Order::deny_allow};
    MethodChoice<Satisfy> satisfy{Satisfy::all};
    std::vector<ClientRule> allowed;
    std::vector<ClientRule> denied;
};

Status set_order(AccessCompatSettings& settings, Arguments arguments, Invocation& invocation) {
    Order order;
    if (iequals(arguments[0], "allow,deny")) order = Order::allow_deny;
    else if (iequals(arguments[0], "deny,allow")) order = Order::deny_allow;
    else if (iequals(arguments[0], "mutual-failure")) order = Order::mutual_failure;
    else return Error{"unknown order"};
    settings.order.set(order, invocation.limit);
    return {};
}

Status set_satisfy(AccessCompatSettings& settings, Arguments arguments, Invocation& invocation) {
    Satisfy satisfy;
    if (iequals(arguments[0], "all")) satisfy = Satisfy::all;
    else if (iequals(arguments[0], "any")) satisfy = Satisfy::any;
    else return Error{"Satisfy either 'any' or 'all'."};
    settings.satisfy.set(satisfy, invocation.limit);
    return {};
}

Result<Clients> parse_clients(const std::string& word) {
    if (istarts_with(word, "env=!")) return Clients(Variable{word.substr(5), false});
    if (istarts_with(word, "env=")) return Clients(Variable{word.substr(4), true});
    if (iequals(word, "all")) return Clients(Everyone{});
    if (const auto range = net::AddressRange::parse(word)) return Clients(*range);
    if (const auto fault = fault_of_range(word); !fault.empty()) return Error{std::string(fault)};
    if (word.find('/') != std::string::npos) return Error{"An IP address was expected"};
    if (word.find('#') != std::string::npos) return Error{"No comments are allowed here"};
    return Clients(Host{word});
}

template <auto List>
Status add_clients(AccessCompatSettings& settings, Arguments arguments, Invocation& invocation) {
    if (!iequals(arguments[0], "from")) return Error{"allow and deny must be followed by 'from'"};
    auto clients = parse_clients(arguments[1]);
    if (!clients) return clients.error();
    ClientRule rule{std::move(*clients), std::nullopt};
    if (invocation.limit) rule.limit = *invocation.limit;
    (settings.*List).push_back(std::move(rule));
    return {};
}

// Whether the request comes from one of the clients. Asks for the client's name at most once.
class ClientMatch {
  public:
    explicit ClientMatch(const Request& request) : request_(request) {}

    bool any(const std::vector<ClientRule>& rules) {
        for (const auto& rule : rules) {
            if (rule.limit && !rule.limit->covers(request_.head.method_name)) continue;
            if (std::visit(*this, rule.clients)) return true;
        }
        return false;
    }

    bool operator()(const Everyone&) const { return true; }
    bool operator()(const Variable& variable) const {
        return (request_.find_variable(variable.name) != nullptr) == variable.must_be_set;
    }
    bool operator()(const net::AddressRange& range) const {
        return range.contains(request_.client.address);
    }
    bool operator()(const Host& host) {
        if (!name_) name_ = verified_client_host(request_);
        return !name_->empty() && is_in_domain(*name_, host.domain);
    }

  private:
    const Request& request_;
    std::optional<std::string_view> name_;
};

bool is_allowed(const AccessCompatSettings& settings, const Request& request) {
    ClientMatch match(request);
    if (settings.order.of(request.head.method_name) == Order::deny_allow)
        return !match.any(settings.denied) || match.any(settings.allowed);
    return match.any(settings.allowed) && !match.any(settings.denied);
}

Verdict check_access(Request& request) {
    const auto& settings = request.of<AccessCompatSettings>();
    const bool allowed = is_allowed(settings, request);
    if (!allowed) {
        const bool has_file = !request.filename.empty();
        request.log("access_compat", log::Level::error,
                    request.arena.join(
                        {"AH01797: client denied by server configuration: ", has_file ? "" : "uri ",
                         has_file ? request.filename : request.uri}));
    }
    if (settings.satisfy.of(request.head.method_name) == Satisfy::all)
        return allowed ? ok : refuse(403);
    // Whoever comes from the right place is in; of the others Require decides.
    return allowed ? done : ok;
}

} // namespace

Module access_compat_module() {
    using config::edits;
    using config::override_limit;
    constexpr unsigned sections = config::directory | config::htaccess;
    return {
        .name = "access_compat",
        .directives =
            {
                {"order", Shape::one, sections, override_limit, edits<set_order>,
                 "'allow,deny', 'deny,allow', or 'mutual-failure'"},
                {"allow", Shape::first_and_each, sections, override_limit,
                 edits<add_clients<&AccessCompatSettings::allowed>>,
                 "'from' followed by hostnames or IP-address wildcards"},
                {"deny", Shape::first_and_each, sections, override_limit,
                 edits<add_clients<&AccessCompatSettings::denied>>,
                 "'from' followed by hostnames or IP-address wildcards"},
                {"Satisfy", Shape::one, sections, config::override_auth_config, edits<set_satisfy>,
                 "access policy if both allow and require used ('all' or 'any')"},
            },
        .settings = {config::settings_type<AccessCompatSettings>()},
        .hooks = {.access_checker = check_access},
    };
}

} // namespace preforkd
