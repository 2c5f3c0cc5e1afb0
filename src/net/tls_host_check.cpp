#include "net/tls_host_check.h"

#include <openssl/x509v3.h>

namespace preforkd::net {

namespace {

bool has_name(X509* certificate, const std::string& name, unsigned how) {
    return X509_check_host(certificate, name.data(), name.size(),
                           how | X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT, nullptr) == 1;
}

} // namespace

bool is_for_host(X509* certificate, const std::string& host) {
    if (has_name(certificate, host, 0)) return true;
    if (X509_check_ip_asc(certificate, host.c_str(), 0) == 1) return true;
    const auto dot = host.find('.');
    return dot != host.npos &&
           has_name(certificate, "*" + host.substr(dot), X509_CHECK_FLAG_NO_WILDCARDS);
}

} // namespace preforkd::net
