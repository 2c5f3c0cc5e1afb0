// The scoreboard: memory that the control process and all children share, one slot a child. A child
// can write to its own slot only. It holds facts for the pool's upkeep, the status page and the
// trace of a crash; nobody must believe more of a slot than a hostile child could have written.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>
#include <sys/types.h>

#include "base/result.h"
#include "os/shared_file.h"

namespace preforkd::pool {

// Apache's states, in the order and with the letters of its status page.
enum class ChildState : unsigned char {
    dead,      // .  no process
    starting,  // S
    ready,     // _  waiting for a connection
    reading,   // R
    writing,   // W
    keepalive, // K
    logging,   // L
    dns,       // D
    closing,   // C
    graceful,  // G  finishing, then leaving
    idle_kill, // I
};
char letter_of(ChildState state);

// Text that one process writes and others may read at any time: cut to fit, and never without an
// end, but a reader may see a mix of two writes.
template <std::size_t Size>
struct SharedText {
    char bytes[Size] = {};
    void assign(std::string_view text);
    std::string_view view() const; // up to the first NUL
};

// What a dying child leaves in its slot: the control process, whose program lies at the same
// addresses, gives the frames their names.
struct StackTrace {
    static constexpr std::size_t most_frames = 48;
    std::atomic<int> signal;             // that it got, 0: none
    std::atomic<std::uintptr_t> address; // that it touched, with SIGSEGV and SIGBUS
    std::atomic<unsigned> depth;         // frames that count
    std::array<std::atomic<std::uintptr_t>, most_frames> frames;
};

inline constexpr std::size_t page_size = 4096;

// Alone in its page, so that a child can be given write access to nothing else.
struct alignas(page_size) Slot {
    std::atomic<pid_t> pid;
    std::atomic<unsigned> generation;
    std::atomic<ChildState> state;
    std::atomic<std::uint32_t> connections; // served by this child
    std::atomic<std::uint64_t> requests;    // answered in this slot since the start
    std::atomic<std::uint64_t> bytes;
    std::atomic<std::uint64_t> child_requests; // answered by this child
    std::atomic<std::uint64_t> child_bytes;
    std::atomic<std::uint64_t> connection_requests; // on the current or last connection
    std::atomic<std::uint64_t> connection_bytes;
    std::atomic<std::int64_t> started_at; // current or last request, µs since 1970
    std::atomic<std::int64_t> finished_at;
    std::atomic<std::int64_t> state_since;   // when the child last said what it does
    std::atomic<int> request_limit;          // RequestTerminateTimeout of the request, seconds
    std::atomic<std::uint64_t> total_micros; // spent on requests
    std::atomic<std::int64_t> cpu_user_ticks, cpu_system_ticks;
    SharedText<64> client;
    SharedText<64> protocol_handler; // name of the handler at work
    SharedText<128> server;          // virtual host
    SharedText<512> request;         // first line
    SharedText<96> note;             // what a module says of this child
    StackTrace trace;
};
static_assert(sizeof(Slot) == page_size);

// One second in the life of the pool, as the control process saw it.
struct PoolSecond {
    std::atomic<std::int64_t> at; // seconds since 1970, 0: none yet
    std::atomic<std::uint32_t> idle, busy;
    std::atomic<std::uint64_t> requests, bytes; // answered since the start
};

struct Global {
    std::atomic<unsigned> generation;
    std::atomic<std::int64_t> server_started_at; // µs since 1970, first start
    std::atomic<std::int64_t> restarted_at;      // this generation's
    std::atomic<int> slot_count;
    std::atomic<int> highest_slot_in_use; // or -1
    std::atomic<int> slots_ever_used;     // no slot from this one on was touched yet
    std::atomic<pid_t> control_pid;
    std::atomic<bool> extended;
    std::atomic<bool> exhausted; // every child is busy, and MaxRequestWorkers allows no more
    // The last ten minutes; second N (since 1970) is at N % size.
    std::array<PoolSecond, 600> history;
};

class Scoreboard {
  public:
    // Memory with `slots` slots, inherited through fork; unmapped at the end. With `path`
    // (ScoreBoardFile) it is that file.
    static Result<Scoreboard> create(int slots, const std::string& path = {});
    Scoreboard(Scoreboard&& other) noexcept;
    ~Scoreboard();

    Global& global() { return *global_; }
    const Global& global() const { return *global_; }
    Slot& slot(int index) { return slots_[static_cast<std::size_t>(index)]; }
    const Slot& slot(int index) const { return slots_[static_cast<std::size_t>(index)]; }
    std::span<const Slot> slots() const { return slots_; }
    // Those that some child has had.
    std::span<const Slot> used_slots() const;

    // In a child: from now on it can write to its own slot only.
    Status write_only_to(int slot);

    // The one of this process, for modules that show or feed it; nullptr outside a server.
    static Scoreboard* current();
    static void set_current(Scoreboard* scoreboard);

  private:
    Scoreboard(SharedFile memory, int slots);

    SharedFile memory_;
    Global* global_;
    std::span<Slot> slots_;
};

} // namespace preforkd::pool
