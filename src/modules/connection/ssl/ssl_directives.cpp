#include "modules/connection/ssl/ssl_directives.h"

#include <fmt/format.h>

namespace preforkd::ssl {

namespace {

// Names that mod_ssl gave up long ago.
template <char const* Instead>
Status refuse_as_gone(config::Invocation& invocation, config::Arguments) {
    return Error{fmt::format("{} directive is no longer supported - use {}.",
                             invocation.directive.name, Instead)};
}

constexpr char error_log[] = "ErrorLog";
constexpr char log_level[] = "LogLevel";

Rows gone_rows() {
    using config::anywhere;
    using config::override_all;
    using config::Shape;
    return {
        {"SSLLog", Shape::raw, anywhere, override_all, refuse_as_gone<error_log>,
         "SSLLog directive is no longer supported - use ErrorLog."},
        {"SSLLogLevel", Shape::raw, anywhere, override_all, refuse_as_gone<log_level>,
         "SSLLogLevel directive is no longer supported - use LogLevel."},
    };
}

} // namespace

std::vector<config::Directive> ssl_directives() {
    Rows all;
    for (const Rows& group :
         {process_rows(), handshake_rows(), certificate_rows(), verification_rows(), cache_rows(),
          access_rows(), responder_rows(), proxy_rows(), gone_rows()})
        all.insert(all.end(), group.begin(), group.end());
    return all;
}

Error invalid_argument(const config::Invocation& invocation, std::string_view argument) {
    return Error{fmt::format("{}: Invalid argument '{}'", invocation.directive.name, argument)};
}

} // namespace preforkd::ssl
