// How the values of an element are decoded and encoded: "entity", "url", "urlencoded", "base64" or
// "none", and several of them one after the other.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace preforkd::ssi {

// Each answers nothing where `codings` names one that there is not, and tells which.
std::optional<std::string> decode(std::string_view codings, std::string text,
                                  std::string_view& unknown);
std::optional<std::string> encode(std::string_view codings, std::string text,
                                  std::string_view& unknown);

// &lt; &gt; &amp; &quot; and &#number; up to 255.
std::string decode_entities(std::string_view text);

} // namespace preforkd::ssi
