// %{VARIABLE}: found by its name when the configuration is read, read when a request comes.
#pragma once

#include <string>
#include <string_view>

#include "modules/connection/ssl/ssl_variables.h"
#include "pipeline/request.h"

namespace preforkd::rewrite {

struct Scope;

struct Variable {
    enum class Kind : unsigned char {
        nothing,     // a name that nobody knows
        plain,       // `read` says all
        field,       // %{HTTP:name}, %{HTTP_HOST}: a field of the request
        environment, // %{ENV:name}
        ssl,         // %{SSL:name}
        look_ahead_uri,
        look_ahead_file,
    };
    Kind kind = Kind::nothing;
    std::string_view (*read)(const Request&) = nullptr;
    http::FieldId field = http::FieldId::other;
    std::string name = {};                      // of the field or variable
    std::optional<ssl::SslVariable> tls = {};   // SSL:
    std::shared_ptr<const Variable> ahead = {}; // LA-U:, LA-F: what to read then

    std::string_view of(const Scope& scope) const;
};

Variable find_variable(std::string_view name);

// Without mod_ssl %{SSL:…} has nothing to say. Which modules are loaded is known once a child
// begins.
void note_modules(const config::Configuration& configuration);

} // namespace preforkd::rewrite
