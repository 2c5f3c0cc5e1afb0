// Variables whose name says which of many they are: a component of a name, an alternative name, a
// certificate of a chain, another variable, a field.
#include <array>
#include <cstdlib>
#include <optional>

#include "base/text.h"
#include "modules/connection/ssl/ssl_variables.h"
#include "net/tls_facts.h"

namespace preforkd::ssl {

namespace {

using net::AlternativeName;
using net::CertificateView;
using net::NameView;
using net::TlsStream;

template <auto Whose, NameView (CertificateView::*Name)() const>
std::string_view component_of(const SslVariable& variable, const Request& request) {
    if (!request.connection.tls) return {};
    const CertificateView shown = Whose(*request.connection.tls);
    if (!shown) return {};
    return (shown.*Name)().value(variable.component, variable.place, variable.raw, request.arena);
}

template <auto Whose>
std::string_view alternative_of(const SslVariable& variable, const Request& request) {
    if (!request.connection.tls) return {};
    const CertificateView shown = Whose(*request.connection.tls);
    if (!shown) return {};
    return shown.alternative_name(variable.kind, variable.place, request.arena);
}

std::string_view chained(const SslVariable& variable, const Request& request) {
    if (!request.connection.tls) return {};
    const auto sent = net::client_chain_certificate(*request.connection.tls, variable.place);
    return sent ? sent.pem(request.arena) : std::string_view();
}

std::string_view environment(const SslVariable& variable, const Request& request) {
    if (const auto* value = request.find_variable(variable.text)) return *value;
    const char* inherited = std::getenv(variable.text.c_str());
    return inherited ? inherited : std::string_view();
}

std::string_view field(const SslVariable& variable, const Request& request) {
    const auto* value = request.head.fields.find(variable.text);
    return value ? *value : std::string_view();
}

std::string_view nothing(const SslVariable&, const Request&) { return {}; }

std::optional<unsigned> parse_place(std::string_view digits) {
    const auto number = parse_decimal(digits);
    if (!number || *number > 0xffff) return {};
    return static_cast<unsigned>(*number);
}

// "OU", "OU_1", "OU_RAW", "OU_1_RAW"; a place without digits is the first.
bool read_component(SslVariable& variable, std::string_view rest) {
    if (rest.ends_with("_RAW")) {
        variable.raw = true;
        rest.remove_suffix(4);
    }
    if (const auto line = rest.rfind('_'); line != std::string_view::npos) {
        const auto digits = rest.substr(line + 1);
        const auto place = digits.empty() ? 0 : parse_place(digits);
        if (!place) return false;
        variable.place = *place;
        rest = rest.substr(0, line);
    }
    variable.component = net::name_component(rest);
    return variable.component != 0;
}

struct AlternativePrefix {
    std::string_view prefix;
    AlternativeName kind;
};
constexpr std::array alternative_prefixes{
    AlternativePrefix{"Email_", AlternativeName::email},
    AlternativePrefix{"DNS_", AlternativeName::dns},
    AlternativePrefix{"OTHER_msUPN_", AlternativeName::ms_upn},
    AlternativePrefix{"OTHER_dnsSRV_", AlternativeName::dns_srv},
};

bool read_alternative(SslVariable& variable, std::string_view rest) {
    for (const auto& [prefix, kind] : alternative_prefixes) {
        if (!istarts_with(rest, prefix)) continue;
        const auto place = parse_place(rest.substr(prefix.size()));
        variable.kind = kind;
        variable.place = place.value_or(0);
        return place.has_value();
    }
    return false;
}

bool read_chain_place(SslVariable& variable, std::string_view rest) {
    const auto place = parse_place(rest);
    variable.place = place.value_or(0);
    return place.has_value();
}

bool read_text(SslVariable& variable, std::string_view rest) {
    variable.text = rest;
    return true;
}

struct Pattern {
    std::string_view prefix;
    SslVariable::Read read;
    bool (*understand)(SslVariable& variable, std::string_view rest);
};

constexpr std::array patterns{
    Pattern{"SSL_CLIENT_S_DN_", component_of<net::client_certificate, &CertificateView::subject>,
            read_component},
    Pattern{"SSL_CLIENT_I_DN_", component_of<net::client_certificate, &CertificateView::issuer>,
            read_component},
    Pattern{"SSL_SERVER_S_DN_", component_of<net::server_certificate, &CertificateView::subject>,
            read_component},
    Pattern{"SSL_SERVER_I_DN_", component_of<net::server_certificate, &CertificateView::issuer>,
            read_component},
    Pattern{"SSL_CLIENT_SAN_", alternative_of<net::client_certificate>, read_alternative},
    Pattern{"SSL_SERVER_SAN_", alternative_of<net::server_certificate>, read_alternative},
    Pattern{"SSL_CLIENT_CERT_CHAIN_", chained, read_chain_place},
    Pattern{"ENV:", environment, read_text},
    Pattern{"HTTP:", field, read_text},
};

} // namespace

SslVariable find_one_of_many(std::string_view name) {
    for (const auto& pattern : patterns) {
        if (!istarts_with(name, pattern.prefix)) continue;
        SslVariable variable{.read = pattern.read};
        if (pattern.understand(variable, name.substr(pattern.prefix.size()))) return variable;
    }
    return {.read = nothing};
}

} // namespace preforkd::ssl
