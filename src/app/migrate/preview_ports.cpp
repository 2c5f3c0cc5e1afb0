#include "app/migrate/preview_ports.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"

namespace preforkd::migrate {

namespace {

// How many characters stand before the port; all of them where there is none.
std::size_t size_without_port(std::string_view address) {
    const auto before = address.find_last_not_of("0123456789");
    if (before == std::string_view::npos) return 0;
    const bool colon = address[before] == ':' && before + 1 < address.size();
    // An IPv6 address without a port ends in digits, too.
    const bool bare =
        colon && !address.starts_with('[') && std::count(address.begin(), address.end(), ':') > 1;
    return colon && !bare ? before + 1 : address.size();
}

} // namespace

unsigned short port_at_end_of(std::string_view address) {
    const auto port = parse_decimal(address.substr(size_without_port(address)));
    return port && *port > 0 && *port <= 65535 ? static_cast<unsigned short>(*port) : 0;
}

void PreviewPorts::add(unsigned short port) {
    if (port == 0 || moved(port) != port) return;
    unsigned offset = 0;
    if (port == 443) offset = 1;
    else if (port != 80) offset = next_++;
    pairs_.push_back({port, static_cast<unsigned short>(first_ + offset)});
}

unsigned short PreviewPorts::moved(unsigned short port) const {
    for (const Pair& pair : pairs_)
        if (pair.from == port) return pair.to;
    return port;
}

std::string PreviewPorts::moved(std::string_view address) const {
    const unsigned short port = port_at_end_of(address);
    if (port == 0) return std::string(address);
    return fmt::format("{}{}", address.substr(0, size_without_port(address)), moved(port));
}

} // namespace preforkd::migrate
