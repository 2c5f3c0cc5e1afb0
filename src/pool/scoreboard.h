// The scoreboard: memory that the control process and all children share, one slot a child. It
// holds facts for the pool's upkeep and the status page; nobody must believe more of it than a
// hostile child could have written.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>
#include <sys/types.h>

#include "base/result.h"
#include "os/shared_memory.h"

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

// Alone in its cache lines, so that children do not slow each other down.
struct alignas(64) Slot {
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
    std::atomic<std::uint64_t> total_micros; // spent on requests
    std::atomic<std::int64_t> cpu_user_ticks, cpu_system_ticks;
    SharedText<48> client;
    SharedText<64> protocol_handler; // name of the handler at work
    SharedText<64> server;           // virtual host
    SharedText<192> request;         // first line
};

struct Global {
    std::atomic<unsigned> generation;
    std::atomic<std::int64_t> server_started_at; // µs since 1970, first start
    std::atomic<std::int64_t> restarted_at;      // this generation's
    std::atomic<int> slot_count;
    std::atomic<int> highest_slot_in_use;
    std::atomic<pid_t> control_pid;
    std::atomic<bool> extended;
};

class Scoreboard {
  public:
    // Anonymous shared memory with `slots` slots, inherited through fork; unmapped at the end.
    static Result<Scoreboard> create(int slots);
    Scoreboard(Scoreboard&& other) noexcept;
    ~Scoreboard();

    Global& global() { return *global_; }
    const Global& global() const { return *global_; }
    Slot& slot(int index) { return slots_[static_cast<std::size_t>(index)]; }
    std::span<const Slot> slots() const { return slots_; }

    // The one of this process, for modules that show or feed it; nullptr outside a server.
    static Scoreboard* current();
    static void set_current(Scoreboard* scoreboard);

  private:
    Scoreboard(SharedMemory memory, int slots);

    SharedMemory memory_;
    Global* global_;
    std::span<Slot> slots_;
};

} // namespace preforkd::pool
