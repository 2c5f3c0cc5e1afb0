// Log directives that mod_ssl brings: %{NAME}x for its variables, %{name}c for the names of old.
#include <array>

#include "modules/logging/log_items.h"

namespace preforkd::logging {

namespace {

void append_ssl_variable(LineBuffer& line, const LogItem& item, const Request& request,
                         Transaction&) {
    append_or_dash(line, item.ssl_variable->of(request));
}

void find_variable(LogItem& item) { item.ssl_variable = ssl::find_ssl_variable(item.argument); }

struct OldName {
    std::string_view name;
    std::string_view variable;
};
// errcode and errstr are always a dash, in Apache too: who failed has no connection.
constexpr std::array old_names{
    OldName{"version", "SSL_PROTOCOL"},      OldName{"cipher", "SSL_CIPHER"},
    OldName{"subjectdn", "SSL_CLIENT_S_DN"}, OldName{"clientcert", "SSL_CLIENT_S_DN"},
    OldName{"issuerdn", "SSL_CLIENT_I_DN"},  OldName{"cacert", "SSL_CLIENT_I_DN"},
};

void find_old_name(LogItem& item) {
    std::string_view variable;
    for (const auto& old : old_names)
        if (old.name == item.argument) variable = old.variable;
    item.ssl_variable = ssl::find_ssl_variable(variable);
}

constexpr LogDirective directives[] = {
    {"x", append_ssl_variable, false, find_variable},
    {"c", append_ssl_variable, false, find_old_name},
};

} // namespace

std::span<const LogDirective> tls_log_directives() { return directives; }

} // namespace preforkd::logging
