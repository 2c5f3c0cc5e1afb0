// Workers and balancers as directives define them, one after the other.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/directive.h"
#include "modules/proxy/proxy_settings.h"

namespace preforkd::proxy {

bool names_balancer(std::string_view name);

// The servers behind the server that the directive stands in.
ServerSettings& server_settings(config::Invocation& invocation);

// One of them: to be found, defined where it is not there, and told parameters.
class Definition {
  public:
    // Fails with Apache's words for a name that is none.
    static Result<Definition> define(ServerSettings& settings, const std::string& name);
    // Nothing where no directive has defined it.
    static std::optional<Definition> find(ServerSettings& settings, const std::string& name);

    // It was there already, because an earlier directive had it.
    bool is_shared() const { return shared_; }
    Status set(std::string_view key, const std::string& value);

    Worker* worker = nullptr; // or
    Balancer* balancer = nullptr;

  private:
    bool shared_ = false;
};

Result<Worker> make_worker(const std::string& url);

// "key=value".
struct Parameter {
    std::string key, value;
};
// Nothing for a word without "=".
std::optional<Parameter> parse_parameter(const std::string& word);

} // namespace preforkd::proxy
