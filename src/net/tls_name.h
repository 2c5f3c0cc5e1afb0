// A distinguished name in a certificate: who it is for, or who has signed it.
#pragma once

#include <memory_resource>
#include <string_view>
#include <vector>

#include "base/arena.h"

struct X509_name_st;

namespace preforkd::net {

// "CN=Ada,O=Widgets,C=FR", or "/C=FR/O=Widgets/CN=Ada" (SSLOptions LegacyDNStringFormat).
enum class NameFormat : unsigned char { rfc_2253, legacy };

// OpenSSL's number for a component by its name in variables ("CN", "Email"); 0 for none.
int name_component(std::string_view name);

// Borrows the name from its certificate.
class NameView {
  public:
    explicit NameView(const X509_name_st* name) : name_(name) {}

    std::string_view text(NameFormat format, Arena& arena) const;
    // One of the values of a component, in the order of the certificate; "" where there are fewer.
    // `raw`: not made UTF-8.
    std::string_view value(int component, unsigned place, bool raw, Arena& arena) const;

    // All that variables know, each with its place among those of the same name.
    struct Component {
        std::string_view name;
        unsigned place = 0;
        std::string_view value;
    };
    std::pmr::vector<Component> components(Arena& arena) const;

  private:
    const X509_name_st* name_;
};

} // namespace preforkd::net
