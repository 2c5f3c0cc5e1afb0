#include "net/tls_certificate.h"

#include <gtest/gtest.h>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string>

namespace preforkd::net {
namespace {

struct FreeCertificate {
    void operator()(X509* certificate) const { X509_free(certificate); }
};

// A certificate that is made in the test, and what variables tell of it.
class Certificates : public ::testing::Test {
  protected:
    Certificates() : made(X509_new()) {
        X509_set_version(made.get(), X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 0xabc);
        valid_for(0, day);
    }

    void valid_for(long from, long until) {
        X509_gmtime_adj(X509_getm_notBefore(made.get()), from);
        X509_gmtime_adj(X509_getm_notAfter(made.get()), until);
    }
    static void add(X509_NAME* name, const char* component, const char* value,
                    int type = MBSTRING_UTF8) {
        X509_NAME_add_entry_by_txt(name, component, type,
                                   reinterpret_cast<const unsigned char*>(value), -1, -1, 0);
    }
    void add_subject(const char* component, const char* value) {
        add(X509_get_subject_name(made.get()), component, value);
    }
    void add_alternatives(const char* names) {
        X509_EXTENSION* extension =
            X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names);
        ASSERT_TRUE(extension);
        X509_add_ext(made.get(), extension, -1);
        X509_EXTENSION_free(extension);
    }
    void sign() {
        EVP_PKEY* key = EVP_EC_gen("P-256");
        X509_set_pubkey(made.get(), key);
        X509_sign(made.get(), key, EVP_sha256());
        EVP_PKEY_free(key);
    }
    CertificateView view() const { return CertificateView(made.get()); }
    std::string_view value(std::string_view component, unsigned place = 0, bool raw = false) {
        return view().subject().value(name_component(component), place, raw, arena);
    }

    static constexpr long day = 24 * 3600;
    std::unique_ptr<X509, FreeCertificate> made;
    Arena arena;
};

TEST_F(Certificates, WriteNamesAsRfc2253SaysOrAsLongAgo) {
    add_subject("C", "FR");
    add_subject("O", "Widgets, Gadgets");
    add_subject("CN", "Zoë");
    EXPECT_EQ(view().subject().text(NameFormat::rfc_2253, arena),
              "CN=Zoë,O=Widgets\\, Gadgets,C=FR");
    EXPECT_EQ(view().subject().text(NameFormat::legacy, arena),
              "/C=FR/O=Widgets, Gadgets/CN=Zo\\xC3\\xAB");
    EXPECT_EQ(view().issuer().text(NameFormat::rfc_2253, arena), "");
}

TEST_F(Certificates, TellEachValueOfAComponentByItsPlace) {
    add_subject("OU", "Sales");
    add_subject("CN", "Ada");
    add_subject("OU", "Export");
    EXPECT_EQ(value("OU"), "Sales");
    EXPECT_EQ(value("OU", 1), "Export");
    EXPECT_EQ(value("OU", 2), "");
    EXPECT_EQ(value("Email"), "");
    std::string told;
    for (const auto& [name, place, text] : view().subject().components(arena))
        told += std::string(name) + std::to_string(place) + "=" + std::string(text) + " ";
    EXPECT_EQ(told, "OU0=Sales CN0=Ada OU1=Export ");
}

TEST_F(Certificates, KnowComponentsByMoreThanOneName) {
    EXPECT_EQ(name_component("SP"), name_component("ST"));
    EXPECT_NE(name_component("Email"), 0);
    EXPECT_EQ(name_component("email"), 0);
    EXPECT_EQ(name_component(""), 0);
}

TEST_F(Certificates, AreUtf8UnlessAskedForWhatStandsThere) {
    add(X509_get_subject_name(made.get()), "ST", "\xcele", V_ASN1_T61STRING);
    EXPECT_EQ(value("ST"), "Île");
    EXPECT_EQ(value("ST", 0, true), "\xcele");
}

TEST_F(Certificates, SlipInNoLines) {
    add_subject("CN", "Ada\r\nX: y");
    EXPECT_EQ(value("CN"), "Ada\\0D\\0AX: y");
    EXPECT_EQ(view().subject().text(NameFormat::rfc_2253, arena), "CN=Ada\\0D\\0AX: y");
    EXPECT_EQ(view().subject().text(NameFormat::legacy, arena), "/CN=Ada\\x0D\\x0AX: y");
}

TEST_F(Certificates, TellVersionSerialNumberAndIssuer) {
    EXPECT_EQ(view().version(arena), "3");
    EXPECT_EQ(view().serial(arena), "0ABC");
    add(X509_get_issuer_name(made.get()), "CN", "Authority");
    EXPECT_EQ(view().exact_assertion(arena),
              "{ serialNumber 2748, issuer rdnSequence:\"CN=Authority\" }");
}

TEST_F(Certificates, TellHowLongTheyAreValid) {
    ASN1_TIME_set_string(X509_getm_notBefore(made.get()), "20200102030405Z");
    EXPECT_EQ(view().valid_from(arena), "Jan  2 03:04:05 2020 GMT");
    valid_for(0, 10 * day + day / 2);
    EXPECT_EQ(view().days_left(arena), "10");
    valid_for(0, day / 2);
    EXPECT_EQ(view().days_left(arena), "0");
    valid_for(-2 * day, -day - 1);
    EXPECT_EQ(view().days_left(arena), "0");
}

TEST_F(Certificates, NameTheirAlgorithms) {
    EXPECT_EQ(view().signature_algorithm(arena), "UNKNOWN");
    EXPECT_EQ(view().key_algorithm(arena), "UNKNOWN");
    sign();
    EXPECT_EQ(view().signature_algorithm(arena), "ecdsa-with-SHA256");
    EXPECT_EQ(view().key_algorithm(arena), "id-ecPublicKey");
}

TEST_F(Certificates, TellAlternativeNamesByKindAndPlace) {
    add_alternatives("email:a@x.test,DNS:x.test,IP:192.0.2.1,email:b@x.test,"
                     "otherName:1.3.6.1.4.1.311.20.2.3;UTF8:a@realm.test,"
                     "otherName:1.3.6.1.5.5.7.8.7;IA5STRING:_https.x.test,"
                     "otherName:1.2.3.4;UTF8:unheard of");
    const auto name = [&](AlternativeName kind, unsigned place) {
        return view().alternative_name(kind, place, arena);
    };
    EXPECT_EQ(name(AlternativeName::email, 0), "a@x.test");
    EXPECT_EQ(name(AlternativeName::email, 1), "b@x.test");
    EXPECT_EQ(name(AlternativeName::email, 2), "");
    EXPECT_EQ(name(AlternativeName::dns, 0), "x.test");
    EXPECT_EQ(name(AlternativeName::ms_upn, 0), "a@realm.test");
    EXPECT_EQ(name(AlternativeName::dns_srv, 0), "_https.x.test");
    EXPECT_EQ(view().alternative_names(arena).size(), 5U);
}

TEST_F(Certificates, HaveNoAlternativeNamesWithoutTheExtension) {
    EXPECT_TRUE(view().alternative_names(arena).empty());
}

TEST_F(Certificates, CanBeReadAgainFromTheirText) {
    sign();
    const auto text = view().pem(arena);
    BIO* bio = BIO_new_mem_buf(text.data(), static_cast<int>(text.size()));
    const std::unique_ptr<X509, FreeCertificate> read(
        PEM_read_bio_X509(bio, nullptr, nullptr, nullptr));
    BIO_free(bio);
    ASSERT_TRUE(read);
    EXPECT_EQ(X509_cmp(read.get(), made.get()), 0);
}

} // namespace
} // namespace preforkd::net
