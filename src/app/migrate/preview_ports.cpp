#include "app/migrate/preview_ports.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

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

PreviewPorts::PreviewPorts(unsigned short first, const std::vector<unsigned short>& ports) {
    const auto has = [&](unsigned short port) {
        return std::find(ports.begin(), ports.end(), port) != ports.end();
    };
    std::set<unsigned> taken;
    const auto add = [&](unsigned short port, unsigned offset) {
        taken.insert(offset);
        pairs_.push_back({port, static_cast<unsigned short>(first + offset)});
    };
    if (has(80)) add(80, 0);
    if (has(443)) add(443, 1);
    for (const unsigned short port : ports) {
        const bool known = std::any_of(pairs_.begin(), pairs_.end(),
                                       [port](const Pair& pair) { return pair.from == port; });
        unsigned offset = 0;
        while (taken.contains(offset)) ++offset;
        if (!known) add(port, offset);
    }
    std::sort(pairs_.begin(), pairs_.end(),
              [](const Pair& a, const Pair& b) { return a.to < b.to; });
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
