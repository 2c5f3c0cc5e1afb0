// One element of a document with server-side includes: <!--#name attribute="value" -->.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preforkd::ssi {

struct Attribute {
    std::string name; // in lower case
    // Between its quotes; a backslash before such a quote is gone. Nothing without "=".
    std::optional<std::string> value;
};

struct Element {
    enum class Outcome : unsigned char { complete, incomplete, nameless, nameless_attribute };
    Outcome outcome = Outcome::complete;
    std::size_t size = 0; // bytes up to and with the end tag, where it is not incomplete
    std::string name;     // in lower case
    std::vector<Attribute> attributes;
};

// Reads what follows a start tag. Incomplete where the end tag has not come yet; the same text with
// more behind it may be read again.
Element read_element(std::string_view text, std::string_view end_tag);

} // namespace preforkd::ssi
