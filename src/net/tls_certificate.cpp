#include "net/tls_certificate.h"

#include <array>
#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <optional>

#include "net/tls_text.h"

namespace preforkd::net {

namespace {

struct FreeNames {
    void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
using UniqueNames = std::unique_ptr<GENERAL_NAMES, FreeNames>;
using UniqueNumber = std::unique_ptr<BIGNUM, Freed<BN_free>>;

constexpr std::string_view unknown_algorithm = "UNKNOWN";

std::string_view algorithm_name(const ASN1_OBJECT* algorithm) {
    const int number = OBJ_obj2nid(algorithm);
    return number == NID_undef ? unknown_algorithm : std::string_view(OBJ_nid2ln(number));
}

std::string_view time_text(const ASN1_TIME* time, Arena& arena) {
    return printed(arena, [&](BIO* bio) { ASN1_TIME_print(bio, time); });
}

std::string_view decimal(const ASN1_INTEGER* integer, Arena& arena) {
    const UniqueNumber number(ASN1_INTEGER_to_BN(integer, nullptr));
    char* digits = BN_bn2dec(number.get());
    const auto text = arena.copy(digits);
    OPENSSL_free(digits);
    return text;
}

struct FoundName {
    AlternativeName kind;
    const ASN1_STRING* text;
};

// Not among those that OpenSSL 3.0 has numbers for (RFC 4985).
const ASN1_OBJECT* service_name() {
    static const ASN1_OBJECT* const made = OBJ_txt2obj("1.3.6.1.5.5.7.8.7", 1);
    return made;
}

// Names of kinds that have none of their own: an object identifier says which it is.
std::optional<FoundName> other_name(const OTHERNAME& name) {
    const ASN1_TYPE& value = *name.value;
    if (OBJ_obj2nid(name.type_id) == NID_ms_upn && value.type == V_ASN1_UTF8STRING)
        return FoundName{AlternativeName::ms_upn, value.value.utf8string};
    if (OBJ_cmp(name.type_id, service_name()) == 0 && value.type == V_ASN1_IA5STRING)
        return FoundName{AlternativeName::dns_srv, value.value.ia5string};
    return {};
}

std::optional<FoundName> known_name(const GENERAL_NAME& name) {
    switch (name.type) {
    case GEN_EMAIL: return FoundName{AlternativeName::email, name.d.rfc822Name};
    case GEN_DNS: return FoundName{AlternativeName::dns, name.d.dNSName};
    case GEN_OTHERNAME: return other_name(*name.d.otherName);
    default: return {};
    }
}

// Of an extension that the library does not know: a text, where it is one.
void print_text(BIO* bio, X509_EXTENSION* extension) {
    struct FreeText {
        void operator()(ASN1_STRING* text) const { ASN1_STRING_free(text); }
    };
    const ASN1_OCTET_STRING* data = X509_EXTENSION_get_data(extension);
    const unsigned char* bytes = ASN1_STRING_get0_data(data);
    const std::unique_ptr<ASN1_STRING, FreeText> text(
        d2i_DISPLAYTEXT(nullptr, &bytes, ASN1_STRING_length(data)));
    if (text) ASN1_STRING_print(bio, text.get());
}

} // namespace

NameView CertificateView::subject() const { return NameView(X509_get_subject_name(certificate_)); }
NameView CertificateView::issuer() const { return NameView(X509_get_issuer_name(certificate_)); }

std::string_view CertificateView::version(Arena& arena) const {
    const fmt::format_int text(X509_get_version(certificate_) + 1);
    return arena.copy({text.data(), text.size()});
}

std::string_view CertificateView::serial(Arena& arena) const {
    return printed(arena,
                   [&](BIO* bio) { i2a_ASN1_INTEGER(bio, X509_get0_serialNumber(certificate_)); });
}

std::string_view CertificateView::valid_from(Arena& arena) const {
    return time_text(X509_get0_notBefore(certificate_), arena);
}

std::string_view CertificateView::valid_until(Arena& arena) const {
    return time_text(X509_get0_notAfter(certificate_), arena);
}

std::string_view CertificateView::days_left(Arena& arena) const {
    int days = 0, seconds = 0;
    if (ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate_)) != 1 || days < 0)
        return "0";
    const fmt::format_int text(days);
    return arena.copy({text.data(), text.size()});
}

std::string_view CertificateView::signature_algorithm(Arena&) const {
    const X509_ALGOR* algorithm = nullptr;
    X509_get0_signature(nullptr, &algorithm, certificate_);
    const ASN1_OBJECT* object = nullptr;
    X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
    return algorithm_name(object);
}

std::string_view CertificateView::key_algorithm(Arena&) const {
    ASN1_OBJECT* object = nullptr;
    if (X509_PUBKEY_get0_param(&object, nullptr, nullptr, nullptr,
                               X509_get_X509_PUBKEY(certificate_)) != 1)
        return unknown_algorithm;
    return algorithm_name(object);
}

std::string_view CertificateView::pem(Arena& arena) const {
    return printed(arena, [&](BIO* bio) { PEM_write_bio_X509(bio, certificate_); });
}

std::string_view CertificateView::exact_assertion(Arena& arena) const {
    return arena.join({"{ serialNumber ", decimal(X509_get0_serialNumber(certificate_), arena),
                       ", issuer rdnSequence:\"", issuer().text(NameFormat::rfc_2253, arena),
                       "\" }"});
}

std::pmr::vector<CertificateView::NamedAlternative>
CertificateView::alternative_names(Arena& arena) const {
    std::pmr::vector<NamedAlternative> found(arena.resource());
    const UniqueNames names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate_, NID_subject_alt_name, nullptr, nullptr)));
    std::array<unsigned, 4> places{}; // the next of each kind
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const auto known = known_name(*sk_GENERAL_NAME_value(names.get(), i));
        if (!known) continue;
        auto& place = places.at(static_cast<std::size_t>(known->kind));
        found.push_back({known->kind, place++, printed(arena, known->text)});
    }
    return found;
}

std::string_view CertificateView::alternative_name(AlternativeName kind, unsigned place,
                                                   Arena& arena) const {
    for (const auto& name : alternative_names(arena))
        if (name.kind == kind && name.place == place) return name.value;
    return {};
}

std::vector<std::string> CertificateView::extensions(std::string_view identifier) const {
    struct FreeObject {
        void operator()(ASN1_OBJECT* object) const { ASN1_OBJECT_free(object); }
    };
    std::vector<std::string> values;
    const std::unique_ptr<ASN1_OBJECT, FreeObject> wanted(
        OBJ_txt2obj(std::string(identifier).c_str(), 1));
    if (!wanted) return values;
    for (int i = -1; (i = X509_get_ext_by_OBJ(certificate_, wanted.get(), i)) >= 0;) {
        auto* extension = X509_get_ext(certificate_, i);
        const auto text = [extension](BIO* bio) {
            if (X509V3_EXT_print(bio, extension, 0, 0) != 1) print_text(bio, extension);
        };
        Arena scratch;
        values.emplace_back(printed(scratch, text));
    }
    return values;
}

CertificateKeeper::~CertificateKeeper() { X509_free(const_cast<X509*>(kept_)); }

void CertificateKeeper::keep(CertificateView certificate) {
    X509_up_ref(const_cast<X509*>(certificate.certificate_));
    X509_free(const_cast<X509*>(kept_));
    kept_ = certificate.certificate_;
}

} // namespace preforkd::net
