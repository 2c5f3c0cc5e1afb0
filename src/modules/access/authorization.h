// What Require asks of a request: questions that the authz modules provide and authz_core combines.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/configuration.h"
#include "pipeline/request.h"

namespace preforkd {

enum class Authorization : unsigned char {
    denied,
    denied_without_user, // knowing who it is may change the answer
    granted,
    neutral, // has nothing to say
};

// One condition. Never changes after the configuration is read.
class Requirement {
  public:
    virtual ~Requirement() = default;
    virtual Authorization check(Request& request) const = 0;
};

using RequirementWords = std::span<const std::string>;

// What stands behind the first word of a Require.
struct RequirementLine {
    RequirementLine(std::string_view text, const config::Configuration& configuration);
    std::string_view text; // as it stands there
    std::vector<std::string> words;
    const config::Configuration& configuration;
};

// A word that may follow Require, and what makes its condition of what stands behind it.
struct AuthorizationProvider {
    std::string_view name;
    Result<std::unique_ptr<Requirement>> (*make)(const RequirementLine& line);
    // The module that has it (Apache loads a provider with its module).
    std::string_view module_identifier;
};

std::span<const AuthorizationProvider> authz_core_providers();
std::span<const AuthorizationProvider> authz_groupfile_providers();
std::span<const AuthorizationProvider> authz_host_providers();
std::span<const AuthorizationProvider> authz_owner_providers();
std::span<const AuthorizationProvider> authz_user_providers();
std::span<const AuthorizationProvider> ssl_authorization_providers();

// nullptr when no enabled module has it.
const AuthorizationProvider* find_authorization_provider(const config::Configuration& configuration,
                                                         std::string_view name);

// A requirement around a function of the words. They may hold expressions ("Require user
// %{env:OWNER}"): then they are known when a request comes.
using CheckWords = Authorization (*)(const Request&, RequirementWords);
Result<std::unique_ptr<Requirement>> words_requirement(const RequirementLine& line,
                                                       CheckWords check);

template <CheckWords Check>
Result<std::unique_ptr<Requirement>> requirement_of(const RequirementLine& line) {
    return words_requirement(line, Check);
}

} // namespace preforkd
