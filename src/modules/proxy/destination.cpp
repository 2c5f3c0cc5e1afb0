#include "modules/proxy/destination.h"

#include "base/text.h"
#include "modules/proxy/proxy_settings.h"
#include "pipeline/core_settings.h"

namespace preforkd::proxy {

Duration patience_of(const Request& request, const Worker& worker) {
    constexpr Duration usual = std::chrono::seconds(60);
    if (worker.timeout) return *worker.timeout;
    if (const auto& said = request.of<ServerSettings>().timeout) return *said;
    return request.of<CoreServerSettings>().timeout.value_or(usual);
}

bool Departure::is_certain(bool is_gone, bool sends_no_more) {
    constexpr auto patience = std::chrono::seconds(5);
    if (is_gone) return true;
    if (!sends_no_more) return false;
    const auto now = SteadyClock::now();
    if (!silent_since_) silent_since_ = now;
    return now - *silent_since_ > patience;
}

Verdict refuse_unserved(const Request& request, std::string_view scheme) {
    request.log(
        "proxy", log::Level::warn,
        request.arena.join({"AH01144: No protocol handler was valid for the URL ", request.uri,
                            " (scheme '", scheme,
                            "'). If you are using a DSO version of mod_proxy, make sure the proxy "
                            "submodules are included in the configuration using LoadModule."}));
    return refuse(500);
}

Verdict refuse_with_reason(Request& request, int status, std::string_view why, int code) {
    request.error_notes =
        request.arena.join({"The proxy server could not handle the request<p>Reason: <strong>",
                            escape_html(why), "</strong></p>"});
    request.response.reason = proxy_reason;
    request.log("proxy", log::Level::error,
                request.arena.join({"AH00898: ", why, " returned by ", request.uri}), code);
    return refuse(status);
}

} // namespace preforkd::proxy
