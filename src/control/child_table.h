// Which child sits in which slot: the control process's own account. Signals are sent by it alone,
// because a hostile child could write any pid on the scoreboard.
#pragma once

#include <functional>
#include <optional>
#include <sys/types.h>
#include <vector>

#include "control/hangs.h"
#include "os/deadline.h"

namespace preforkd {

struct ChildRecord {
    pid_t pid = 0; // 0: the slot is free
    unsigned generation = 0;
    int bucket = 0;
    bool told_to_leave = false; // gently
    bool told_to_end = false;   // by SIGTERM or SIGKILL: its end will be no surprise
    SteadyClock::time_point forked_at{};
    HangWatch hang = {};
    std::optional<SteadyClock::time_point> stopped_since = {}; // by SIGSTOP; nothing: it runs
};

class ChildTable {
  public:
    explicit ChildTable(int slots) : records_(static_cast<std::size_t>(slots)) {}

    // The lowest free slot, so that numbers stay low.
    std::optional<int> free_slot() const;
    void add(int slot, pid_t pid, unsigned generation, int bucket = 0);
    std::optional<int> slot_of(pid_t pid) const;
    // Frees the slot and answers what was known of its child.
    ChildRecord remove(int slot);

    ChildRecord& operator[](int slot) { return records_[static_cast<std::size_t>(slot)]; }
    const ChildRecord& operator[](int slot) const {
        return records_[static_cast<std::size_t>(slot)];
    }
    int count() const { return count_; }
    int highest() const; // slot in use, or -1
    // Calls `visit` with each slot in use.
    void each(const std::function<void(int slot, ChildRecord&)>& visit);

  private:
    std::vector<ChildRecord> records_;
    int count_ = 0;
};

} // namespace preforkd
