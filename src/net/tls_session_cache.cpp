#include "net/tls_session_cache.h"

#include <openssl/ssl.h>

#include "os/clock.h"

namespace preforkd::net {

namespace {

// More than a session with a client's certificate takes (Apache's limit as well).
constexpr int largest_session = 10240;

int cache_index() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

SharedCache& cache_of(const SSL_CTX* context) {
    return *static_cast<SharedCache*>(SSL_CTX_get_ex_data(context, cache_index()));
}

std::string_view id_of(const SSL_SESSION* session) {
    unsigned length = 0;
    const auto* bytes = SSL_SESSION_get_id(session, &length);
    return {reinterpret_cast<const char*>(bytes), length};
}

// A ticket of TLS 1.3 holds the session itself: nobody will ask for it by its id.
bool travels_in_its_ticket(SSL* connection, const SSL_SESSION* session) {
    return SSL_SESSION_get_protocol_version(session) == TLS1_3_VERSION &&
           (SSL_get_options(connection) & SSL_OP_NO_TICKET) == 0;
}

// Answers 0: no reference to the session is kept.
int store_session(SSL* connection, SSL_SESSION* session) {
    if (travels_in_its_ticket(connection, session)) return 0;
    const int size = i2d_SSL_SESSION(session, nullptr);
    if (size <= 0 || size > largest_session) return 0;
    std::string bytes(static_cast<std::size_t>(size), '\0');
    auto* position = reinterpret_cast<unsigned char*>(bytes.data());
    i2d_SSL_SESSION(session, &position);
    const std::int64_t expires =
        std::int64_t{SSL_SESSION_get_time(session)} + SSL_SESSION_get_timeout(session);
    cache_of(SSL_get_SSL_CTX(connection))
        .store(id_of(session), bytes, expires, seconds_since_1970());
    return 0;
}

SSL_SESSION* find_session(SSL* connection, const unsigned char* id, int length, int* is_shared) {
    *is_shared = 0; // the caller frees what it gets
    const auto found = cache_of(SSL_get_SSL_CTX(connection))
                           .find({reinterpret_cast<const char*>(id), static_cast<unsigned>(length)},
                                 seconds_since_1970());
    if (!found) return nullptr;
    const auto* position = reinterpret_cast<const unsigned char*>(found->data());
    return d2i_SSL_SESSION(nullptr, &position, static_cast<long>(found->size()));
}

void forget_session(SSL_CTX* context, SSL_SESSION* session) {
    cache_of(context).remove(id_of(session), seconds_since_1970());
}

} // namespace

void share_sessions(ssl_ctx_st* context, SharedCache& cache) {
    SSL_CTX_set_ex_data(context, cache_index(), &cache);
    number_sessions(context);
    SSL_CTX_sess_set_new_cb(context, store_session);
    SSL_CTX_sess_set_get_cb(context, find_session);
    SSL_CTX_sess_set_remove_cb(context, forget_session);
}

void number_sessions(ssl_ctx_st* context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_SERVER | SSL_SESS_CACHE_NO_INTERNAL);
}

} // namespace preforkd::net
