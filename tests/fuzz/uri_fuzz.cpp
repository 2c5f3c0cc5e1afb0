// Targets and paths: nothing escapes the root, and what is escaped decodes to what it was.
#include <string>

#include "fuzz/input.h"
#include "http/uri.h"

namespace preforkd {

namespace {

using fuzz::must;

bool has_dot_segment(std::string_view path) {
    for (const std::string_view segment : {"/../", "/./"})
        if (path.find(segment) != std::string_view::npos) return true;
    return path.ends_with("/..") || path.ends_with("/.");
}

void check_normal(std::string_view path, bool merge, Arena& arena) {
    if (!path.starts_with('/')) return;
    const auto normal = http::normalize_path(path, merge, arena);
    if (!normal) return;
    must(normal->starts_with('/') && normal->size() <= path.size());
    must(!has_dot_segment(*normal));
    must(!merge || normal->find("//") == std::string_view::npos);
    must(http::normalize_path(*normal, merge, arena) == normal);
}

void check_escapes(std::string_view path, Arena& arena) {
    const auto escaped = "/" + http::escape_path(path);
    const auto decoded = http::decode_path(escaped, http::EncodedSlashes::decode, arena);
    if (path.find('\0') != std::string_view::npos) return;
    must(decoded.outcome == http::Decoded::Outcome::ok && decoded.path.ends_with(path));
}

} // namespace

} // namespace preforkd

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace preforkd;
    const auto text = fuzz::text_of(data, size);
    Arena arena;
    if (const auto host = http::parse_host(text)) must(host->host.size() <= text.size());
    check_escapes(text, arena);
    check_normal(text, true, arena);
    check_normal(text, false, arena);
    const auto target = http::parse_target(text);
    if (!target) return 0;
    must(!target->path.empty() || target->form == http::Target::Form::authority);
    for (const auto slashes :
         {http::EncodedSlashes::refuse, http::EncodedSlashes::decode, http::EncodedSlashes::keep}) {
        const auto decoded = http::decode_path(target->path, slashes, arena);
        must(decoded.path.size() <= target->path.size());
        if (decoded.outcome == http::Decoded::Outcome::ok) {
            must(decoded.path.find('\0') == std::string_view::npos);
            check_normal(decoded.path, true, arena);
        }
    }
    return 0;
}
