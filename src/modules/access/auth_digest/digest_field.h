// The Authorization field of a client that answers a challenge by a digest (RFC 7616 §3.4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/arena.h"

namespace preforkd::auth_digest {

struct DigestField {
    std::string_view user, realm, nonce, uri, response, algorithm, opaque, qop, cnonce, count;

    bool is_complete() const {
        return response.size() == 32 && !user.empty() && !realm.empty() && !nonce.empty() &&
               !uri.empty() && !response.empty() &&
               (qop.empty() || (!cnonce.empty() && !count.empty()));
    }
    // "" counts as well.
    bool has_opaque() const { return opaque.data() != nullptr; }
    // The number that this server calls a client by; 0 where opaque is none of ours.
    std::uint32_t client() const;
    // How often the client says that it has used the nonce; nothing if that is no number.
    std::optional<std::uint64_t> use_count() const;
};

// What stands behind "Digest". Views are views into `text`, or into the arena where a backslash had
// to go. Nothing where it makes no sense.
std::optional<DigestField> parse_digest_field(std::string_view text, Arena& arena);

// The response that the field should have (RFC 7616 §3.4.1, with MD5 and qop=auth). `secret` is the
// digest of user, realm and password; `method` is "" for the server's own answer.
std::string expected_response(const DigestField& field, std::string_view secret,
                              std::string_view method);

} // namespace preforkd::auth_digest
