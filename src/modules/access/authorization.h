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
    virtual Authorization check(const Request& request) const = 0;
};

using RequirementWords = std::span<const std::string>;

// A word that may follow Require, and what makes its condition of the words behind it.
struct AuthorizationProvider {
    std::string_view name;
    Result<std::unique_ptr<Requirement>> (*make)(RequirementWords words);
    // The module that has it (Apache loads a provider with its module).
    std::string_view module_identifier;
};

std::span<const AuthorizationProvider> authz_core_providers();
std::span<const AuthorizationProvider> authz_groupfile_providers();
std::span<const AuthorizationProvider> authz_host_providers();
std::span<const AuthorizationProvider> authz_user_providers();
std::span<const AuthorizationProvider> ssl_authorization_providers();

// nullptr when no enabled module has it.
const AuthorizationProvider* find_authorization_provider(const config::Configuration& configuration,
                                                         std::string_view name);

// A requirement around a function of the words: `requirement_of<check>(words)`.
template <Authorization (*Check)(const Request&, RequirementWords)>
class WordsRequirement final : public Requirement {
  public:
    explicit WordsRequirement(RequirementWords words) : words_(words.begin(), words.end()) {}
    Authorization check(const Request& request) const override { return Check(request, words_); }

  private:
    std::vector<std::string> words_;
};

template <Authorization (*Check)(const Request&, RequirementWords)>
Result<std::unique_ptr<Requirement>> requirement_of(RequirementWords words) {
    return std::unique_ptr<Requirement>(std::make_unique<WordsRequirement<Check>>(words));
}

} // namespace preforkd
