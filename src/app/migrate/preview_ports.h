// The ports of a preview: those of the configuration, moved so that both servers can run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace preforkd::migrate {

class PreviewPorts {
  public:
    // 80 becomes `first`, 443 the next one, and others follow as they are added.
    explicit PreviewPorts(unsigned short first) : first_(first) {}

    struct Pair {
        unsigned short from = 0, to = 0;
    };
    void add(unsigned short port);
    const std::vector<Pair>& pairs() const { return pairs_; }
    // The port itself where nobody listens on it.
    unsigned short moved(unsigned short port) const;
    // "80", "*:80", "[::1]:80", "10.0.0.1": what Listen and <VirtualHost> take.
    std::string moved(std::string_view address) const;

  private:
    unsigned short first_;
    unsigned short next_ = 2; // 0 and 1 are for 80 and 443
    std::vector<Pair> pairs_;
};

// The port at the end of "80" or "*:80"; 0 for none.
unsigned short port_at_end_of(std::string_view address);

} // namespace preforkd::migrate
