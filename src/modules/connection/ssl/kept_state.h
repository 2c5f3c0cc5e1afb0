// What the control process keeps of TLS from one configuration to the next, so that sessions and
// their tickets outlive restarts.
#pragma once

#include <memory>
#include <string>

#include "modules/connection/ssl/pass_phrase.h"
#include "modules/connection/ssl/ssl_settings.h"
#include "net/shared_cache.h"
#include "net/tls_context.h"
#include "net/tls_ticket_keys.h"

namespace preforkd::ssl {

class KeptState {
  public:
    PassPhrases pass_phrases;

    // Makes what the configuration asks for and is not there yet. Fails with a line for the error
    // log.
    Status prepare(const SslServerSettings& main_server);
    // What a host's context is to share with others. Fails where its ticket keys cannot be read.
    Result<net::TlsShared> for_host(const SslServerSettings& said) const;

    // In a child, as the ordinary user: lets go of what is the control process's.
    Status let_go();

  private:
    std::shared_ptr<net::SharedCache> sessions_;
    std::shared_ptr<net::TlsTicketKeys> random_keys_;
};

} // namespace preforkd::ssl
