#include "modules/content/status/history_numbers.h"

namespace preforkd::status {

std::vector<SecondNumbers> last_minutes(const pool::Scoreboard& board, std::int64_t now) {
    const auto& history = board.global().history;
    std::vector<SecondNumbers> seconds;
    seconds.reserve(history.size());
    for (std::int64_t at = now - history_seconds + 1; at <= now; ++at) {
        const auto& entry = history[static_cast<std::size_t>(at) % history.size()];
        if (entry.at != at) continue;
        const SecondNumbers second{at, entry.idle, entry.busy, entry.requests, entry.bytes};
        if (entry.at == at) seconds.push_back(second); // else it was written meanwhile
    }
    return seconds;
}

double growth(const SecondNumbers& before, const SecondNumbers& after,
              std::uint64_t SecondNumbers::*counter) {
    const auto seconds = after.at - before.at;
    if (seconds <= 0 || after.*counter < before.*counter) return 0;
    return static_cast<double>(after.*counter - before.*counter) / static_cast<double>(seconds);
}

} // namespace preforkd::status
