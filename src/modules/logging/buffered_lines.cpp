#include "modules/logging/buffered_lines.h"

#include <array>
#include <atomic>
#include <climits>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "os/file.h"
#include "os/signals.h"

namespace preforkd::logging {

namespace {

// As much as several writers may write into a pipe without their lines mixing.
struct Kept {
    int descriptor = -1;
    std::array<char, PIPE_BUF> bytes;
    // A handler sees whole lines: the size is said once they are there.
    std::atomic<std::size_t> size = 0;

    Status write() {
        const auto count = size.exchange(0);
        return count == 0 ? Status() : write_whole(descriptor, {bytes.data(), count});
    }
};

std::unique_ptr<Kept[]> kept;
std::size_t count = 0;

} // namespace

void begin_buffering(std::size_t logs) {
    kept = std::make_unique<Kept[]>(logs);
    count = logs;
}

bool is_buffering() { return count > 0; }

Status keep_line(std::size_t log, int descriptor, std::string_view line) {
    Kept& mine = kept[log];
    mine.descriptor = descriptor;
    if (mine.size + line.size() > mine.bytes.size()) {
        // A handler that came between the taking and the writing would find nothing to write.
        const SignalsHeld held;
        if (auto written = mine.write(); !written) return written;
    }
    if (line.size() > mine.bytes.size()) return write_whole(descriptor, line);
    std::memcpy(mine.bytes.data() + mine.size, line.data(), line.size());
    mine.size += line.size();
    return {};
}

void write_kept_lines() {
    for (Kept& mine : std::span(kept.get(), count)) static_cast<void>(mine.write());
}

} // namespace preforkd::logging
