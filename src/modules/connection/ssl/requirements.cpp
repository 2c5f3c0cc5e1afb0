// Require ssl and Require ssl-verify-client.
#include <array>

#include "modules/access/authorization.h"
#include "net/tls_stream.h"

namespace preforkd {

namespace {

using Made = Result<std::unique_ptr<Requirement>>;

Authorization check_tls(const Request& request, RequirementWords) {
    return request.connection.tls ? Authorization::granted : Authorization::denied;
}

Authorization check_client(const Request& request, RequirementWords) {
    const auto* tls = request.connection.tls;
    const bool known = tls && tls->has_client_certificate() && tls->is_client_verified();
    return known ? Authorization::granted : Authorization::denied;
}

Made make_tls(const RequirementLine& line) {
    if (!line.words.empty()) return Error{"'Require ssl' does not take arguments"};
    return requirement_of<check_tls>(line);
}

Made make_client(const RequirementLine& line) {
    if (!line.words.empty()) return Error{"'Require ssl-verify-client' does not take arguments"};
    return requirement_of<check_client>(line);
}

} // namespace

std::span<const AuthorizationProvider> ssl_authorization_providers() {
    static constexpr std::array providers{
        AuthorizationProvider{"ssl", make_tls, "ssl_module"},
        AuthorizationProvider{"ssl-verify-client", make_client, "ssl_module"},
    };
    return providers;
}

} // namespace preforkd
