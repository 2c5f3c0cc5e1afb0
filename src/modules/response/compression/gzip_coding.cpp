#include "modules/response/compression/gzip_coding.h"

#include "base/text.h"

namespace preforkd {

using http::FieldId;

bool is_gzip(std::string_view coding) {
    return iequals(coding, "gzip") || iequals(coding, "x-gzip");
}

bool take_gzip(const Request& request, http::Fields& fields) {
    const auto* said = fields.find(FieldId::content_encoding);
    if (!said) return false;
    std::string_view codings = *said;
    for (;;) {
        const auto comma = codings.rfind(',');
        const auto last = trim(comma == codings.npos ? codings : codings.substr(comma + 1));
        codings = codings.substr(0, comma == codings.npos ? 0 : comma);
        if (is_gzip(last)) break;
        if (!iequals(last, "identity") || codings.empty()) return false;
    }
    if (codings.empty()) fields.remove(FieldId::content_encoding);
    else fields.set(FieldId::content_encoding, request.arena.copy(codings));
    return true;
}

} // namespace preforkd
