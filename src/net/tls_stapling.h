// OCSP stapling: the server shows its clients what the authority says of its certificate, so that
// they need not ask there themselves (Apache: SSLUseStapling).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/shared_cache.h"
#include "net/tls_log.h"

struct ssl_ctx_st;
struct x509_st;

namespace preforkd::net {

// Times in seconds. (Apache: SSLStapling…)
struct StaplingRules {
    int time_skew = 300;
    int responder_timeout = 10;
    int max_age = -1;            // of a response; -1: as long as it says itself
    int standard_timeout = 3600; // after which the responder is asked again
    int error_timeout = 600;     // the same, after it did not say that all is well
    bool return_responder_errors = true;
    bool fake_try_later = true;
    std::string force_url; // in place of the one that the certificate names
};

// Of one host. A child that has nothing to show, or something that is not new any more, asks the
// responder, one child at a time for each certificate; the others go on with what there is. As long
// as a good response is valid it is shown, whether the responder can be reached or not.
class TlsStapling {
  public:
    // `cache` outlives this, and is shared by all hosts. `host` is for messages.
    TlsStapling(StaplingRules rules, SharedCache& cache, std::string host, TlsLog log);
    ~TlsStapling();
    TlsStapling(const TlsStapling&) = delete;
    TlsStapling& operator=(const TlsStapling&) = delete;

    // Takes care of the context's certificates; the log names those that nothing can be shown for.
    // Requires: this outlives the context.
    void staple_to(ssl_ctx_st* context);

    // What to show for the certificate now (seconds since 1970); empty for nothing.
    std::string response_for(const x509_st* certificate, std::int64_t now) const;

  private:
    struct Subject;
    struct Record;

    void add_subject(ssl_ctx_st* context, std::size_t number);
    Record renew(const Subject& subject, const std::optional<Record>& known,
                 std::int64_t now) const;
    Record ask(const Subject& subject, const std::optional<Record>& known, std::int64_t now) const;
    std::string to_show(const std::optional<Record>& record) const;

    StaplingRules rules_;
    SharedCache& cache_;
    std::string host_;
    TlsLog log_;
    std::vector<std::unique_ptr<Subject>> subjects_; // a host has one, two or three
};

} // namespace preforkd::net
