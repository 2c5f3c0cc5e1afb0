#include "net/tls_name.h"

#include <array>
#include <openssl/x509.h>

#include "net/tls_text.h"

namespace preforkd::net {

namespace {

struct KnownComponent {
    std::string_view name;
    int number;
};

constexpr std::array known_components{
    KnownComponent{"C", NID_countryName},
    KnownComponent{"ST", NID_stateOrProvinceName},
    KnownComponent{"L", NID_localityName},
    KnownComponent{"O", NID_organizationName},
    KnownComponent{"OU", NID_organizationalUnitName},
    KnownComponent{"CN", NID_commonName},
    KnownComponent{"T", NID_title},
    KnownComponent{"I", NID_initials},
    KnownComponent{"G", NID_givenName},
    KnownComponent{"S", NID_surname},
    KnownComponent{"D", NID_description},
    KnownComponent{"UID", NID_userId},
    KnownComponent{"Email", NID_pkcs9_emailAddress},
    KnownComponent{"SerialNumber", NID_serialNumber},
    KnownComponent{"SP", NID_stateOrProvinceName}, // another name for ST
};

std::string_view value_at(const X509_NAME* name, int entry, bool raw, Arena& arena) {
    return printed(arena, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, entry)), raw);
}

} // namespace

int name_component(std::string_view name) {
    for (const auto& known : known_components)
        if (known.name == name) return known.number;
    return NID_undef;
}

std::string_view NameView::text(NameFormat format, Arena& arena) const {
    if (format == NameFormat::legacy) {
        char* line = X509_NAME_oneline(name_, nullptr, 0);
        const auto text = arena.copy(line);
        OPENSSL_free(line);
        return text;
    }
    return printed(arena, [&](BIO* bio) {
        X509_NAME_print_ex(bio, name_, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    });
}

std::string_view NameView::value(int component, unsigned place, bool raw, Arena& arena) const {
    int entry = -1;
    do {
        entry = X509_NAME_get_index_by_NID(name_, component, entry);
        if (entry < 0) return {};
    } while (place-- > 0);
    return value_at(name_, entry, raw, arena);
}

std::pmr::vector<NameView::Component> NameView::components(Arena& arena) const {
    std::pmr::vector<Component> found(arena.resource());
    std::array<unsigned, known_components.size()> places{};
    for (int entry = 0; entry < X509_NAME_entry_count(name_); ++entry) {
        const int number =
            OBJ_obj2nid(X509_NAME_ENTRY_get_object(X509_NAME_get_entry(name_, entry)));
        for (std::size_t i = 0; i < known_components.size(); ++i) {
            if (known_components[i].number != number) continue;
            found.push_back(
                {known_components[i].name, places[i]++, value_at(name_, entry, false, arena)});
            break;
        }
    }
    return found;
}

} // namespace preforkd::net
