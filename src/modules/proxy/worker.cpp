#include "modules/proxy/worker.h"

namespace preforkd::proxy {

namespace {

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

constexpr unsigned out_of_service = worker_stopped | worker_disabled | worker_failed;

} // namespace

bool speaks_tls(const Worker& worker) {
    return worker.url.scheme == Scheme::https || worker.url.scheme == Scheme::wss;
}

std::string_view url_at(const Worker& worker, std::string_view path, Arena& arena) {
    if (worker.name.ends_with('/') && path.starts_with('/')) path.remove_prefix(1);
    return arena.join({worker.name, path});
}

bool is_usable(const Worker& worker) {
    if (!worker.state) return true;
    auto& state = *worker.state;
    const unsigned status = state.status.load(std::memory_order_relaxed);
    if (!(status & out_of_service)) return true;
    if (status & (worker_stopped | worker_disabled)) return false;
    if (now() <= state.failed_at + worker.retry.count()) return false;
    state.status &= ~static_cast<unsigned>(worker_failed);
    return true;
}

bool note_failure(const Worker& worker) {
    if (!worker.state || worker.state->status & (worker_ignores_errors | worker_failed))
        return false;
    worker.state->failed_at = now();
    worker.state->status |= worker_failed;
    return true;
}

void note_success(const Worker& worker) {
    if (worker.state && worker.state->status & worker_failed)
        worker.state->status &= ~static_cast<unsigned>(worker_failed);
}

} // namespace preforkd::proxy
