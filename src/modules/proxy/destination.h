// Where one request goes.
#pragma once

#include <optional>
#include <string_view>

#include "modules/proxy/worker.h"
#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd::proxy {

class RequestContent;
struct RemoteProxy;

struct Destination {
    const Worker& worker;
    std::string_view target; // path and query, for the request line; the URL for another proxy
    RequestContent& content; // the request's; one that was read ahead waits for whom it reaches
    const RemoteProxy* remote = nullptr; // through whom
};

// What serves requests for the URLs of a scheme.
using SchemeHandler = Verdict (*)(Request&, Responder&, const Destination&);
Verdict exchange_http(Request& request, Responder& responder, const Destination& destination);
Verdict exchange_fcgi(Request& request, Responder& responder, const Destination& destination);
// No module that is loaded serves the scheme.
Verdict refuse_unserved(const Request& request, std::string_view scheme);

// The patience for each wait.
Duration patience_of(const Request& request, const Worker& worker);

// Whether the client has left: its connection has broken, or it has said long ago that it sends no
// more, as one does that closes.
class Departure {
  public:
    bool is_certain(bool is_gone, bool sends_no_more);

  private:
    std::optional<SteadyClock::time_point> silent_since_;
};

// A refusal whose page says why (Apache: ap_proxyerror); the log has the code as well.
Verdict refuse_with_reason(Request& request, int status, std::string_view why, int code = 0);

} // namespace preforkd::proxy
