// What OpenSSL prints, as text in an arena. Private to net/.
#pragma once

#include <string_view>

#include "base/arena.h"
#include "net/tls_pem.h"

namespace preforkd::net {

// `print` gets a BIO to write to.
template <class Print>
std::string_view printed(Arena& arena, Print print) {
    const UniqueBio bio(BIO_new(BIO_s_mem()));
    print(bio.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return arena.copy({text, static_cast<std::size_t>(size)});
}

// `raw`: each character as it stands in the certificate, else in UTF-8. Control characters are
// escaped, so that nobody slips in a line.
inline std::string_view printed(Arena& arena, const ASN1_STRING* string, bool raw = false) {
    constexpr unsigned long escaped = ASN1_STRFLGS_ESC_CTRL;
    return printed(arena, [&](BIO* bio) {
        ASN1_STRING_print_ex(bio, string, raw ? escaped : escaped | ASN1_STRFLGS_UTF8_CONVERT);
    });
}

} // namespace preforkd::net
