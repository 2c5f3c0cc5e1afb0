// SSLProtocol "all -TLSv1 …": which versions of the protocol may be spoken.
#pragma once

#include <string>
#include <vector>

#include "config/directive.h"

namespace preforkd::ssl {

struct ProtocolChoice {
    unsigned versions = 0; // net::TlsVersion
    // Words without a sign after others, which count for nothing then: most likely a mistake.
    std::vector<std::string> overriding;
};

// `directive` is for the text of an error.
Result<ProtocolChoice> parse_protocols(std::string_view directive, config::Arguments words);

// The same for a row; mistakes that are no errors are told to the error log.
Result<unsigned> chosen_versions(config::Invocation& invocation, config::Arguments words);

} // namespace preforkd::ssl
