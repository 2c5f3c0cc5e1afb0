// Which variant the client gets.
#pragma once

#include "modules/mapping/negotiation/quality.h"

namespace preforkd::negotiation {

// What the field Negotiate (RFC 2295 §8.4) asks for.
struct NegotiateField {
    explicit NegotiateField(const http::RequestHead& head);
    bool understands_lists = false; // 300 with a list is an answer for it
    bool wants_alternates = false;
    bool lets_server_choose = true;
    bool wants_standard_choice = false; // by RFC 2296's algorithm
    bool means_its_fields = false;      // no kindness
};

// nullptr where no variant will do. `by_standard`: RFC 2296's algorithm, for which a variant must
// also be found acceptable without a wildcard; else Apache's own.
const Variant* choose(const Variants& variants, bool by_standard);

std::uint64_t length_of(const Variant& variant);

} // namespace preforkd::negotiation
