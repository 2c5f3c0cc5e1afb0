// authz_host: Require ip, host, forward-dns and local.
#include <array>

#include "base/text.h"
#include "modules/access/authorization.h"
#include "modules/access/client_host.h"
#include "modules/modules.h"
#include "net/address.h"
#include "net/client_names.h"

namespace preforkd {

namespace {

using Made = Result<std::unique_ptr<Requirement>>;

class AddressRequirement final : public Requirement {
  public:
    explicit AddressRequirement(std::vector<net::AddressRange> ranges)
        : ranges_(std::move(ranges)) {}
    Authorization check(Request& request) const override {
        for (const auto& range : ranges_)
            if (range.contains(request.client.address)) return Authorization::granted;
        return Authorization::denied;
    }

  private:
    std::vector<net::AddressRange> ranges_;
};

Error bad_address(const std::string& word) {
    std::string text = "ip address '" + word + "' appears to be invalid";
    if (const auto fault = fault_of_range(word); !fault.empty()) text.append(": ").append(fault);
    return Error{std::move(text)};
}

Made make_ip(const RequirementLine& line) {
    if (line.words.empty()) return Error{"'require ip' requires an argument"};
    std::vector<net::AddressRange> ranges;
    for (const auto& word : line.words) {
        const auto range = net::AddressRange::parse(word);
        if (!range) return bad_address(word);
        ranges.push_back(*range);
    }
    return std::unique_ptr<Requirement>(std::make_unique<AddressRequirement>(std::move(ranges)));
}

Authorization check_host(const Request& request, RequirementWords domains) {
    const auto host = verified_client_host(request);
    if (host.empty()) {
        for (const auto& domain : domains)
            request.log(
                "authz_host", log::Level::error,
                request.arena.join({"AH01753: access check of '", domain, "' to ", request.uri,
                                    " failed, reason: unable to get the remote host "
                                    "name"}));
        return Authorization::denied;
    }
    for (const auto& domain : domains)
        if (is_in_domain(host, domain)) return Authorization::granted;
    return Authorization::denied;
}

Authorization check_forward_dns(const Request& request, RequirementWords names) {
    for (const auto& name : names)
        if (net::leads_to(name, request.client.address)) return Authorization::granted;
    return Authorization::denied;
}

Authorization check_local(const Request& request, RequirementWords) {
    const auto& client = request.client.address;
    const bool local = client.is_loopback() || client.same_host(request.connection.local);
    return local ? Authorization::granted : Authorization::denied;
}

} // namespace

std::span<const AuthorizationProvider> authz_host_providers() {
    constexpr std::string_view identifier = "authz_host_module";
    static constexpr std::array providers{
        AuthorizationProvider{"ip", make_ip, identifier},
        AuthorizationProvider{"host", requirement_of<check_host>, identifier},
        AuthorizationProvider{"forward-dns", requirement_of<check_forward_dns>, identifier},
        AuthorizationProvider{"local", requirement_of<check_local>, identifier},
    };
    return providers;
}

Module authz_host_module() { return {.name = "authz_host"}; }

} // namespace preforkd
