// The variables that tell of one certificate. They are made once for all requests of a child that
// show it, because that takes longer than the rest of a small request.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "modules/connection/ssl/ssl_variables.h"
#include "net/tls_certificate.h"

namespace preforkd::ssl {

class CertificateVariables {
  public:
    // `prefix`: "SSL_CLIENT_" or "SSL_SERVER_".
    explicit CertificateVariables(std::string_view prefix) : prefix_(prefix) {}

    // Tells each name and its value, both in the request's arena.
    template <class Tell>
    void tell(net::CertificateView certificate, const Request& request, Tell told) {
        if (!certificate) return;
        learn(certificate, request);
        std::string_view rest = request.arena.copy(text_);
        for (const auto& [name, value] : sizes_) {
            told(rest.substr(0, name), rest.substr(name, value));
            rest.remove_prefix(name + value);
        }
    }

  private:
    struct Sizes {
        std::size_t name, value;
    };
    void learn(net::CertificateView certificate, const Request& request);
    void add(std::initializer_list<std::string_view> name, std::string_view value);
    void add_components(std::string_view which, net::NameView name, Arena& arena);

    std::string_view prefix_;
    net::CertificateKeeper kept_;
    net::NameFormat format_ = net::NameFormat::rfc_2253;
    std::string text_; // names and values, one after the other
    std::vector<Sizes> sizes_;
};

} // namespace preforkd::ssl
