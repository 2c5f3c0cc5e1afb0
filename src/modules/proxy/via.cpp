#include "modules/proxy/via.h"

#include <fmt/format.h>

#include "base/product.h"
#include "modules/proxy/proxy_settings.h"
#include "pipeline/server_names.h"

namespace preforkd::proxy {

std::string_view via_of(const Request& request, int major, int minor) {
    const auto kind = request.of<ServerSettings>().via.value_or(Via::off);
    if (kind != Via::on && kind != Via::full) return {};
    const auto port = server_port_for(request);
    std::string text = fmt::format("{}.{} {}", major, minor, request.server->name);
    if (port != usual_port(request)) text += fmt::format(":{}", port);
    if (kind == Via::full) text += fmt::format(" ({}/{})", product::name, product::version);
    return request.arena.copy(text);
}

} // namespace preforkd::proxy
