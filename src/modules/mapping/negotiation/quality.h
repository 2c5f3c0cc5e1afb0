// How good variants are for a client: the qualities of RFC 9110 §12.4.2, with Apache's kindness
// towards clients that say less, or more, than they mean.
#pragma once

#include "modules/mapping/negotiation/accept_fields.h"
#include "modules/mapping/negotiation/negotiation_settings.h"
#include "modules/mapping/negotiation/variant.h"

namespace preforkd::negotiation {

struct Judgement {
    const AcceptFields& accepted;
    const NegotiationSettings& settings;
    // The client's wildcards and unsaid languages count for less (not with "Negotiate: *").
    bool is_kind = true;
    // Only variants in this language are of use; "" for all (the variable prefer-language).
    std::string_view only_language = {};
    // A script may be better than its output (POST, a query).
    float script_quality = 0.001F;
};

// The type that stands for a script in a list of variants.
inline constexpr std::string_view script_type = "application/x-httpd-cgi";

// Fills every quality of every variant.
void judge(Variants& variants, const Judgement& judgement);
bool is_identity(std::string_view encoding);

} // namespace preforkd::negotiation
