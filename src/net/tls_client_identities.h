// Certificates to show to other servers, which ask for one of an authority that they name (Apache:
// SSLProxyMachineCertificateFile, -Path and -ChainFile). Private to net/.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/tls_pem.h"

struct ssl_ctx_st;
struct ssl_st;

namespace preforkd::net {

class TlsClientIdentities {
  public:
    // Reads every certificate of the files that has its key beside it, and of `chain_file`, if
    // there is one, what leads from them to an authority. Fails with Apache's words.
    static Result<std::unique_ptr<TlsClientIdentities>> read(const std::vector<std::string>& files,
                                                             const std::string& chain_file);

    bool are_none() const { return all_.empty(); }
    // Lets connections of a context show them; the context does not outlive this.
    void serve(ssl_ctx_st* context);

  private:
    struct Identity {
        UniqueCertificate certificate;
        UniqueKey key;
        std::vector<X509*> chain; // into `others_`, from its issuer on
    };
    static int choose(ssl_st* connection, void* identities);

    Status add_file(const std::string& file);
    Status read_chain(const std::string& file);
    void find_chain(Identity& identity) const;
    const Identity* acceptable_to(const ssl_st* connection) const;

    std::vector<Identity> all_;
    std::vector<UniqueCertificate> others_;
};

} // namespace preforkd::net
