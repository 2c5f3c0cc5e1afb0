#include "modules/connection/ssl/verification.h"

#include "base/text.h"
#include "modules/connection/ssl/ssl_directives.h"
#include "modules/server/arguments.h"

namespace preforkd::ssl {

Result<net::ClientVerification> parse_verification(const config::Invocation& invocation,
                                                   const std::string& word) {
    using Verification = net::ClientVerification;
    if (iequals(word, "none") || iequals(word, "off")) return Verification::none;
    if (iequals(word, "optional")) return Verification::optional;
    if (iequals(word, "require") || iequals(word, "on")) return Verification::required;
    if (iequals(word, "optional_no_ca")) return Verification::optional_no_ca;
    return invalid_argument(invocation, word);
}

Result<int> parse_depth(const config::Invocation& invocation, const std::string& word) {
    const int depth = leading_integer(word);
    if (depth < 0) return invalid_argument(invocation, word);
    return depth;
}

static std::optional<net::RevocationCheck> check_of(std::string_view word) {
    if (iequals(word, "none")) return net::RevocationCheck::none;
    if (iequals(word, "leaf")) return net::RevocationCheck::leaf;
    if (iequals(word, "chain")) return net::RevocationCheck::chain;
    return {};
}

Result<RevocationChoice> parse_revocation_check(const config::Invocation& invocation,
                                                config::Arguments words) {
    if (words.empty()) return invalid_argument(invocation, "");
    const auto check = check_of(words[0]);
    if (!check) return invalid_argument(invocation, words[0]);
    RevocationChoice choice{*check};
    for (const std::string& flag : words.subspan(1)) {
        if (!iequals(flag, "no_crl_for_cert_ok")) return invalid_argument(invocation, flag);
        choice.may_lack = true;
    }
    return choice;
}

} // namespace preforkd::ssl
