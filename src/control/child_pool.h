// The children as the control process sees them: forking, signalling, burying, counting.
#pragma once

#include "control/child_table.h"
#include "control/crash_rate.h"
#include "control/generation.h"
#include "control/maintenance.h"
#include "os/process.h"
#include "pool/scoreboard.h"

namespace preforkd {

// What the end of a child means for the server.
enum class Loss : unsigned char { not_a_child, bearable, fatal };

class ChildPool {
  public:
    // `scoreboard` outlives the pool.
    explicit ChildPool(pool::Scoreboard& scoreboard);

    // Forks up to `count` children of `generation`, as far as MaxRequestWorkers and the system
    // allow; answers how many. Fewer while children crash.
    int fork_children(Generation& generation, int count);
    // Once a second: ends whoever works on a request for longer than RequestTerminateTimeout, looks
    // who was stopped, and whether crashes have ceased.
    void watch_children(const Generation& generation);
    // A new configuration may have cured what made children crash or forks fail: neither slows down
    // the first children of its generation.
    void hope_for_the_best(const Generation& generation);
    // One second of upkeep.
    void keep_spare_servers(Generation& generation);
    void hold_off_doubling() { upkeep_.hold_off = 10; }

    // Asks children of generations before `number` to leave once they have no connection. To be
    // repeated: a signal that comes between two waits is lost.
    void retire_before(unsigned number);
    // Asks again whoever was asked before and waits for a client still.
    void remind();
    void signal_all(int number);

    // `ended` may be no child of the pool (a log program): then nothing happens.
    Loss bury(const Generation& generation, const EndedProcess& ended);

    int count() const { return table_.count(); }
    // Whether MaxRequestWorkers allows another child.
    bool has_room(const Generation& generation) const { return room(generation) > 0; }
    // Whether children of `generation` have taken over, or can only do so once others leave.
    bool has_begun(const Generation& generation);
    void each(const std::function<void(int, ChildRecord&)>& visit) { table_.each(visit); }

  private:
    bool fork_child(Generation& generation, int slot, int bucket);
    [[noreturn]] void become_child(Generation& generation, int slot, int bucket, pid_t control);
    void wait_before_forking();
    int room(const Generation& generation) const;
    int count_idle();
    bool is_idle(int slot) const;
    struct BucketCount {
        int idle = 0, children = 0; // of the current generation
    };
    std::vector<BucketCount> count_buckets(const Generation& generation);
    int neediest_bucket(const Generation& generation);
    bool waits_for_client(int slot) const;
    void ask_to_leave(int slot, ChildRecord& child);
    void retire_one(const Generation& generation);
    void clear_slot(int slot);
    void count_crash(const Generation& generation, const ChildRecord& child,
                     const EndedProcess& ended);
    void say_change(const Generation& generation, CrashRate::Change change) const;
    Loss weigh(const Generation& generation, const ChildRecord& child, const EndedProcess& ended);

    pool::Scoreboard& scoreboard_;
    ChildTable table_;
    UpkeepState upkeep_;
    CrashRate crash_rate_;
    SteadyClock::time_point no_fork_before_{};
    std::chrono::seconds pause_{0}; // since the last fork that failed
};

} // namespace preforkd
