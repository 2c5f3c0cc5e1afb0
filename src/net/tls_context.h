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

// Answers the pass phrase of a key file; asked again, with a higher `attempt`, while it is wrong.
using PassPhraseSource =
    std::function<Result<std::string>(const std::string& key_file, int attempt)>;

class TlsContext {
  public:
    // Fails with what is wrong with a file or a setting, and OpenSSL's own words below it.
    static Result<std::unique_ptr<TlsContext>> create(const TlsSettings& settings,
                                                      const PassPhraseSource& pass_phrases);
    ~TlsContext();

    ssl_ctx_st* native() const { return context_; }
    const TlsSettings& settings() const { return settings_; }

  private:
    TlsContext(ssl_ctx_st* context, const TlsSettings& settings);

    ssl_ctx_st* context_; // owned
    TlsSettings settings_;
};

} // namespace preforkd::net
