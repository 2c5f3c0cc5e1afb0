#include "modules/proxy/interpolation.h"

#include "modules/proxy/proxy_settings.h"

namespace preforkd::proxy {

std::string_view interpolated(const Request& request, std::string_view text, bool wants) {
    if (!wants || !request.of<Settings>().interpolates.value_or(false)) return text;
    auto& arena = request.arena;
    std::string_view done;
    for (auto start = text.find("${"); start != text.npos; start = text.find("${")) {
        const auto end = text.find('}', start);
        if (end == text.npos) break;
        const auto* value = request.find_variable(text.substr(start + 2, end - start - 2));
        done = arena.join({done, text.substr(0, start), value ? *value : std::string_view()});
        text.remove_prefix(end + 1);
    }
    return done.empty() ? text : arena.join({done, text});
}

} // namespace preforkd::proxy
