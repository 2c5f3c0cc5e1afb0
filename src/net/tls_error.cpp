#include "net/tls_error.h"

#include <array>
#include <openssl/err.h>

namespace preforkd::net {

std::string take_tls_errors() {
    std::string lines;
    std::array<char, 256> text;
    const char* detail = nullptr;
    int flags = 0;
    while (const auto code = ERR_get_error_all(nullptr, nullptr, nullptr, &detail, &flags)) {
        ERR_error_string_n(code, text.data(), text.size());
        if (!lines.empty()) lines += '\n';
        lines.append("SSL Library Error: ").append(text.data());
        if ((flags & ERR_TXT_STRING) != 0 && detail && *detail)
            lines.append(" (").append(detail).append(")");
    }
    return lines;
}

Error tls_error(std::string_view what) {
    std::string text(what);
    if (const auto errors = take_tls_errors(); !errors.empty()) text.append("\n").append(errors);
    return Error{std::move(text)};
}

} // namespace preforkd::net
