// Elements of documents: whatever stands there, what was read once is read again with more behind
// it.
#include "fuzz/input.h"
#include "modules/content/include/codings.h"
#include "modules/content/include/element.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace preforkd;
    using Outcome = ssi::Element::Outcome;
    const auto text = fuzz::text_of(data, size);
    const auto element = ssi::read_element(text, "-->");
    const auto with_more = ssi::read_element(std::string(text) + " -->", "-->");
    if (element.outcome == Outcome::incomplete) return 0;
    fuzz::must(element.size <= text.size() && element.size >= 3);
    fuzz::must(with_more.size == element.size && with_more.name == element.name);
    for (const auto& attribute : element.attributes)
        if (attribute.value) fuzz::must(ssi::decode_entities(*attribute.value).size() <= size);
    return 0;
}
