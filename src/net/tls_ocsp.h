// What an OCSP response says of a certificate, and whether that is to be believed. Private to net/.
#pragma once

#include <cstdint>
#include <openssl/types.h>
#include <optional>
#include <string>
#include <string_view>

#include "net/tls_log.h"
#include "net/tls_stapling.h"

namespace preforkd::net {

// The request for a certificate's status, as it is sent.
std::string ocsp_request(const X509* certificate, const X509* issuer);

// A response without a status: "ask again later".
std::string try_later_response();

enum class StapleKind : char {
    good = 'g',
    revoked = 'r', // always sent on: nobody may hide it
    error = 'e',   // the responder refuses, does not know the certificate, or is out of date
};
struct Staple {
    StapleKind kind = StapleKind::error;
    std::string response;
    std::int64_t valid_until = 0; // seconds since 1970; for good ones
};

// Nothing for a response that no authority of the certificate's has signed, or that is about
// something else; the log says so.
std::optional<Staple> judge_response(const std::string& bytes, X509* certificate, X509* issuer,
                                     const StaplingRules& rules, std::int64_t now,
                                     const TlsLog& log);

} // namespace preforkd::net
