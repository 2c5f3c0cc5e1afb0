// Both ends of TLS connections in memory, and certificates that are made for a test.
#pragma once

#include <memory>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string>
#include <string_view>

namespace preforkd::testing {

template <auto Free>
struct FreedBy {
    template <class T>
    void operator()(T* owned) const {
        Free(owned);
    }
};
using Context = std::unique_ptr<SSL_CTX, FreedBy<SSL_CTX_free>>;
using Connection = std::unique_ptr<SSL, FreedBy<SSL_free>>;
using Session = std::unique_ptr<SSL_SESSION, FreedBy<SSL_SESSION_free>>;
using Certificate = std::unique_ptr<X509, FreedBy<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>>;

// A certificate and its key; its own authority without `issuer`.
struct Identity {
    Key key{EVP_EC_gen("P-256")};
    Certificate certificate{X509_new()};

    explicit Identity(const std::string& name, long serial = 1, const Identity* issuer = nullptr) {
        X509* made = certificate.get();
        X509_set_version(made, X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(made), serial);
        X509_gmtime_adj(X509_getm_notBefore(made), -3600);
        X509_gmtime_adj(X509_getm_notAfter(made), 3600);
        X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
        X509_set_issuer_name(made,
                             X509_get_subject_name((issuer ? *issuer : *this).certificate.get()));
        X509_set_pubkey(made, key.get());
        if (!issuer) extend(NID_basic_constraints, "critical,CA:TRUE");
        sign(issuer ? *issuer : *this);
    }
    void extend(int what, const std::string& value) {
        X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str());
        X509_add_ext(certificate.get(), extension, -1);
        X509_EXTENSION_free(extension);
    }
    void sign(const Identity& issuer) {
        X509_sign(certificate.get(), issuer.key.get(), EVP_sha256());
    }
};

inline Context server_context(const Identity& identity, std::string_view host = "host") {
    Context context(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(context.get(), identity.certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), identity.key.get());
    SSL_CTX_set_session_id_context(context.get(),
                                   reinterpret_cast<const unsigned char*>(host.data()),
                                   static_cast<unsigned>(host.size()));
    return context;
}

// As far as the two come, in memory.
inline void shake_hands(SSL* client, SSL* server) {
    BIO* ends[2];
    BIO_new_bio_pair(&ends[0], 0, &ends[1], 0);
    SSL_set_bio(client, ends[0], ends[0]);
    SSL_set_bio(server, ends[1], ends[1]);
    SSL_set_connect_state(client);
    SSL_set_accept_state(server);
    for (int turn = 0; turn < 10; ++turn) {
        SSL_do_handshake(client);
        SSL_do_handshake(server);
    }
}

// What a client has of a connection that it made.
struct Meeting {
    bool done = false;
    bool resumed = false;
    Session session;    // as it is after what the server said at last
    std::string staple; // OCSP response
};

// A client of TLS up to `version` meets the server, with the session of an earlier meeting.
inline Meeting meet(SSL_CTX* server_context, int version, SSL_SESSION* session = nullptr) {
    static const Context client_context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_session_cache_mode(client_context.get(), SSL_SESS_CACHE_CLIENT);
    const Connection client(SSL_new(client_context.get())), server(SSL_new(server_context));
    SSL_set_max_proto_version(client.get(), version);
    SSL_set_tlsext_status_type(client.get(), TLSEXT_STATUSTYPE_ocsp);
    if (session) SSL_set_session(client.get(), session);
    shake_hands(client.get(), server.get());
    Meeting meeting;
    meeting.done = SSL_is_init_finished(client.get()) && SSL_is_init_finished(server.get());
    if (!meeting.done) return meeting;
    meeting.resumed = SSL_session_reused(server.get()) == 1;
    // Tickets of TLS 1.3 come behind the handshake.
    char byte = 'x';
    SSL_write(server.get(), &byte, 1);
    SSL_read(client.get(), &byte, 1);
    meeting.session.reset(SSL_get1_session(client.get()));
    unsigned char* response = nullptr;
    const long size = SSL_get_tlsext_status_ocsp_resp(client.get(), &response);
    if (size > 0)
        meeting.staple.assign(reinterpret_cast<char*>(response), static_cast<std::size_t>(size));
    SSL_shutdown(client.get()); // or the session is not resumable
    SSL_shutdown(server.get());
    return meeting;
}

} // namespace preforkd::testing
