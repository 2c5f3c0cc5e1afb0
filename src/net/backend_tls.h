// TLS to a server behind this one. Private to net/, but for what is asked of the other server.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/tls_context.h"
#include "os/deadline.h"

struct ssl_st;

namespace preforkd::net {

// What the other server's certificate is looked at for, whoever has signed it.
struct PeerChecks {
    bool name = true;         // it is for the host that was asked, by any of its names…
    bool common_name = false; // …or by its common name alone
    bool expiry = true;       // it is good today
};

class BackendTls {
  public:
    // Shakes hands over a connected socket, which outlives this. `host` is who is asked for (SNI).
    // Fails with what is wrong.
    static Result<BackendTls> connect(int socket, const TlsContext& context,
                                      const std::string& host, const PeerChecks& checks,
                                      Deadline deadline);

    // As the calls of BackendConnection; the waits are the socket's.
    Result<std::size_t> receive(std::span<char> into);
    Result<std::size_t> send(std::string_view first, std::string_view second);
    // Bytes were taken off the socket that nobody has read.
    bool has_pending() const;

  private:
    struct Free {
        void operator()(ssl_st* tls) const;
    };
    explicit BackendTls(ssl_st* tls) : tls_(tls) {}
    Error explain(int outcome, std::string_view what) const;

    std::unique_ptr<ssl_st, Free> tls_;
};

} // namespace preforkd::net
