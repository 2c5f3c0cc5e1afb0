// ratelimit: the filter RATE_LIMIT sends no faster than the variable rate-limit says.
#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "base/text.h"
#include "modules/modules.h"
#include "modules/response/output_filters.h"
#include "pipeline/request.h"

namespace preforkd {

namespace {

// As often as Apache sends a piece.
constexpr int pieces_a_second = 5;

// Sends a piece, then waits for its time: this child has nothing else to do.
class RateSink final : public FilterSink {
  public:
    RateSink(std::uint64_t piece, std::uint64_t burst) : piece_(piece), burst_(burst) {}
    Status write(std::string_view bytes) override;
    Status finish() override { return next_->finish(); }

  private:
    std::uint64_t piece_;     // bytes
    std::uint64_t burst_;     // bytes that are sent at full speed
    std::uint64_t begun_ = 0; // of the current piece
};

Status RateSink::write(std::string_view bytes) {
    const auto free = std::min<std::uint64_t>(burst_, bytes.size());
    burst_ -= free;
    if (free != 0)
        if (auto sent = next_->write(bytes.substr(0, free)); !sent) return sent;
    bytes.remove_prefix(free);
    while (!bytes.empty()) {
        if (begun_ == piece_) {
            if (auto sent = next_->flush(); !sent) return sent;
            std::this_thread::sleep_for(std::chrono::milliseconds(1000 / pieces_a_second));
            begun_ = 0;
        }
        const auto some = std::min<std::uint64_t>(piece_ - begun_, bytes.size());
        if (auto sent = next_->write(bytes.substr(0, some)); !sent) return sent;
        begun_ += some;
        bytes.remove_prefix(some);
    }
    return {};
}

// KiB (a second) of a variable, as bytes; 0 where it says nothing, or nothing of use.
std::uint64_t bytes_of(const Request& request, std::string_view variable) {
    if (request.variables.empty()) return 0;
    const auto* said = request.find_variable(variable);
    const auto number = said ? parse_decimal(*said) : std::nullopt;
    return number.value_or(0) * 1024;
}

FilterSink* limit_rate(Request& request) {
    if (request.main) return nullptr;
    const auto piece = bytes_of(request, "rate-limit") / pieces_a_second;
    if (piece == 0) return nullptr;
    return new (request.arena.bytes_for<RateSink>())
        RateSink(piece, bytes_of(request, "rate-initial-burst"));
}

const FilterOf<limit_rate> rate_filter(FilterKind::protocol);

} // namespace

std::span<const OutputFilterRegistration> ratelimit_filters() {
    static constexpr std::array filters{
        OutputFilterRegistration{"RATE_LIMIT", &rate_filter, "ratelimit_module"},
    };
    return filters;
}

Module ratelimit_module() { return {.name = "ratelimit"}; }

} // namespace preforkd
