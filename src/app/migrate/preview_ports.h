// The ports of a preview: those of the configuration, moved so that both servers can run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace preforkd::migrate {

class PreviewPorts {
  public:
    // 80 becomes `first`, 443 the next one, and others follow in their order. Where one of the two
    // is not there, its place is free for others.
    PreviewPorts(unsigned short first, const std::vector<unsigned short>& ports);

    struct Pair {
        unsigned short from = 0, to = 0;
    };
    const std::vector<Pair>& pairs() const { return pairs_; }
    // The port itself where nobody listens on it.
    unsigned short moved(unsigned short port) const;
    // "80", "*:80", "[::1]:80", "10.0.0.1": what Listen and <VirtualHost> take.
    std::string moved(std::string_view address) const;

  private:
    std::vector<Pair> pairs_; // by the new port
};

// The port at the end of "80" or "*:80"; 0 for none.
unsigned short port_at_end_of(std::string_view address);

} // namespace preforkd::migrate
