#include "modules/connection/ssl/kept_content.h"

#include <fmt/format.h>

#include "http/kept_source.h"

namespace preforkd::ssl {

namespace {

Verdict refuse_large(Request& request, std::size_t most) {
    request.log(
        "ssl", log::Level::error,
        fmt::format("AH02018: request body exceeds maximum size ({}) for SSL buffer", most));
    return refuse(413);
}

} // namespace

Verdict keep_content(Request& request, std::size_t most) {
    const auto announced = request.head.content_length;
    if (announced && *announced > most) return refuse_large(request, most);
    // One byte more than may come, so that a surplus shows.
    const auto room =
        request.arena.bytes(announced ? static_cast<std::size_t>(*announced) + 1 : most + 1);
    std::size_t size = 0;
    while (!request.content->at_end()) {
        const auto count = request.content->read(room.subspan(size));
        if (!count) return refuse(http::status_of_failed_read(count.error().code));
        size += *count;
        if (size > most) return refuse_large(request, most);
    }
    request.content =
        new (request.arena.bytes_for<http::KeptSource>()) http::KeptSource({room.data(), size});
    return ok;
}

} // namespace preforkd::ssl
