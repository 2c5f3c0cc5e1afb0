// The listening sockets that a configuration asks for.
#pragma once

#include <vector>

#include "base/result.h"
#include "config/configuration.h"
#include "config/process_settings.h"
#include "net/listener.h"

namespace preforkd {

struct Listeners {
    std::vector<config::ListenAddress> asked; // Listen lines
    std::vector<net::Listener> open;          // in the same order
    // Sockets that the service manager opened, for Listen lines that mean their address.
    std::vector<net::Listener> given;

    // Whether one of them is open at this address.
    bool have(const net::Address& address) const;
};

// What the service manager hands over; what does not listen is let go.
std::vector<net::Listener> adopt_sockets(std::vector<UniqueFd> sockets);

// Opens what `before` has not open already, and shares with it what it has: between two
// configurations nobody is turned away. Fails with Apache's words.
Result<Listeners> open_listeners(const config::Configuration& configuration,
                                 const Listeners& before);

// Makes shared sockets do as this configuration says. Not to be undone, so once it is certain to
// be used.
void adjust_listeners(Listeners& listeners, const config::Configuration& configuration);

} // namespace preforkd
