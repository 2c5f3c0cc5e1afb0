#include "modules/connection/ssl/ciphers.h"

#include <fmt/format.h>

namespace preforkd::ssl {

Result<CipherChoice> parse_ciphers(config::Arguments words) {
    const std::string protocol = words.size() == 2 ? words[0] : "SSL";
    const std::string& ciphers = words.back();
    if (protocol == "SSL") return CipherChoice{false, without_useless_ciphers(ciphers)};
    if (protocol == "TLSv1.3") return CipherChoice{true, ciphers};
    return Error{fmt::format("protocol '{}' not supported", protocol)};
}

std::string without_useless_ciphers(const std::string& ciphers) {
    return ciphers + ":!aNULL:!eNULL:!EXP";
}

} // namespace preforkd::ssl
