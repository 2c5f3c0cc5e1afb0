#include "modules/connection/ssl/host_name.h"

#include <fmt/format.h>

#include "modules/connection/ssl/ssl_settings.h"
#include "pipeline/server_log.h"

namespace preforkd::ssl {

namespace {

constexpr unsigned short usual_port = 80, usual_port_with_tls = 443;

} // namespace

std::string host_name(const config::Server& server) {
    const bool secure = server.of<SslServerSettings>().engine.value_or(Engine::off) != Engine::off;
    const unsigned short port = server.port != 0 ? server.port
                                : secure         ? usual_port_with_tls
                                                 : usual_port;
    return fmt::format("{}:{}", server.name, port);
}

void say_of_host(const config::Server& server, log::Level level, std::string_view text, int code) {
    log_to(server, {.module = "ssl", .level = level, .text = text, .code = code});
}

} // namespace preforkd::ssl
