// What all TLS connections of a host have in common: its certificates, and what it accepts. Made in
// the control process, which alone can read the keys, and used by children.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/tls_settings.h"

struct ssl_ctx_st;

namespace preforkd::net {

class TlsClientIdentities;

// Finds the pass phrase of an encrypted key: tries `opens` with one after the other until it says
// yes. Fails with the reason why none was found.
using UnlockKey = std::function<Status(
    const std::string& key_file, const std::function<bool(const std::string& phrase)>& opens)>;

class TlsContext {
  public:
    // Fails with what is wrong with a file or a setting, and OpenSSL's own words below it.
    static Result<std::unique_ptr<TlsContext>> create(const TlsSettings& settings,
                                                      const UnlockKey& unlock);
    // The same for connections to other servers: `verification` is about theirs.
    static Result<std::unique_ptr<TlsContext>> create_for_requests(const TlsSettings& settings);
    ~TlsContext();

    ssl_ctx_st* native() const { return context_; }
    const TlsSettings& settings() const { return settings_; }
    // Whether there is a certificate to show to other servers.
    bool has_identities() const;

  private:
    TlsContext(ssl_ctx_st* context, const TlsSettings& settings);

    ssl_ctx_st* context_; // owned
    TlsSettings settings_;
    std::unique_ptr<TlsClientIdentities> identities_; // of requests
};

} // namespace preforkd::net
