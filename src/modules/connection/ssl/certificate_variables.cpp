#include "modules/connection/ssl/certificate_variables.h"

#include <fmt/format.h>

namespace preforkd::ssl {

namespace {

using net::AlternativeName;

std::string_view word_of(AlternativeName kind) {
    switch (kind) {
    case AlternativeName::email: return "Email_";
    case AlternativeName::dns: return "DNS_";
    case AlternativeName::ms_upn: return "OTHER_msUPN_";
    case AlternativeName::dns_srv: return "OTHER_dnsSRV_";
    }
    return {};
}

} // namespace

void CertificateVariables::learn(net::CertificateView certificate, const Request& request) {
    const auto format = name_format_for(request);
    if (kept_.keeps(certificate) && format == format_) return;
    kept_.keep(certificate);
    format_ = format;
    text_.clear();
    sizes_.clear();
    Arena& arena = request.arena;
    for (const auto& variable : connection_variables())
        if (variable.exported == Exported::by_certificate && variable.name.starts_with(prefix_))
            add({variable.name}, variable.read(request));
    add_components("S_DN_", certificate.subject(), arena);
    add_components("I_DN_", certificate.issuer(), arena);
    for (const auto& [kind, place, value] : certificate.alternative_names(arena))
        add({prefix_, "SAN_", word_of(kind), fmt::format_int(place).str()}, value);
}

void CertificateVariables::add(std::initializer_list<std::string_view> name,
                               std::string_view value) {
    const auto before = text_.size();
    for (const auto part : name) text_ += part;
    sizes_.push_back({text_.size() - before, value.size()});
    text_ += value;
}

// The first of a name has no number.
void CertificateVariables::add_components(std::string_view which, net::NameView name,
                                          Arena& arena) {
    for (const auto& [component, place, value] : name.components(arena)) {
        if (place == 0) add({prefix_, which, component}, value);
        else add({prefix_, which, component, "_", fmt::format_int(place).str()}, value);
    }
}

} // namespace preforkd::ssl
