// BEYOND: the program file was replaced, and a control process of the new one takes this one's
// place. It inherits the listening sockets, so that nobody is turned away, and says when it serves.
#pragma once

#include <optional>

#include "base/result.h"
#include "control/listeners.h"
#include "os/process.h"
#include "os/program.h"
#include "os/service_manager.h"

namespace preforkd {

// In the old control process.
class Upgrade {
  public:
    // `program`: how this server was started. `detached`: as a daemon, with a session of its own.
    Upgrade(const CommandWords& program, bool detached);

    bool under_way() const { return successor_ != 0; }
    // The control process that is to take over; 0 without one.
    pid_t successor() const { return successor_; }
    // Starts it. Requires: !under_way().
    Status begin(const Listeners& listeners, const ServiceManager& manager);
    // One that needs too long is killed. After `failed` nothing is under way any more.
    enum class News : unsigned char { none, serves, failed };
    News hear();
    // Nobody shall take over any more.
    void abandon();

  private:
    [[noreturn]] void become_successor(const Listeners& listeners, const ServiceManager& manager);

    const CommandWords& program_;
    bool detached_;
    pid_t successor_ = 0;
    Pipe word_;
    std::optional<Deadline> patience_;
};

// In the new one: what it was given.
class Inheritance {
  public:
    // Takes it out of the environment. Nothing in a server that was started in the usual way.
    static std::optional<Inheritance> from_environment();
    // Whether there is one in the environment.
    static bool is_offered();

    const Listeners& listeners() const { return listeners_; }
    // Says that this server serves, from now on. Sockets that it has not `taken` stop listening,
    // because the old one, which may live long yet, would let clients wait there.
    void accept(const Listeners& taken);

  private:
    Listeners listeners_;
    UniqueFd word_;
};

} // namespace preforkd
