#include "modules/access/auth_digest/shown_field.h"

#include "base/text.h"
#include "modules/access/authentication.h"
#include "pipeline/authorization.h"

namespace preforkd::auth_digest {

Request& sent_by_client(Request& request) {
    Request* one = &request;
    while (one->previous || one->main) one = one->previous ? one->previous : one->main;
    return *one;
}

std::optional<DigestField> shown_field(const Request& request) {
    const auto given = credentials_of(request);
    if (!istarts_with(given, "digest ")) return std::nullopt;
    return parse_digest_field(given.substr(7), request.arena);
}

bool can_be_checked(const DigestField& field) {
    return field.is_complete() && is_shaped_like_ours(field.nonce);
}

NonceOwner owner_of(Request& request, const DigestField& field) {
    return {auth_name_of(request), field.opaque};
}

} // namespace preforkd::auth_digest
