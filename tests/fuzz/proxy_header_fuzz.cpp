// What a proxy says of its client: whatever comes, a header is within it, and more bytes behind a
// whole one change nothing.
#include <string>

#include "fuzz/input.h"
#include "net/proxy_protocol.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace preforkd;
    using State = net::ProxyHeader::State;
    const auto bytes = fuzz::text_of(data, size);
    const auto header = net::parse_proxy_header(bytes);
    fuzz::must(header.size <= bytes.size());
    if (header.state == State::malformed) fuzz::must(header.problem.starts_with("AH"));
    if (header.state != State::complete) return 0;
    const auto longer = net::parse_proxy_header(std::string(bytes) + "GET / HTTP/1.1");
    fuzz::must(longer.state == State::complete && longer.size == header.size);
    for (std::size_t less = 0; less < header.size; ++less)
        fuzz::must(net::parse_proxy_header(bytes.substr(0, less)).state == State::incomplete);
    return 0;
}
