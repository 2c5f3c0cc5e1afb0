#include "modules/content/status/chart.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace preforkd::status {

namespace {

constexpr double height = 100;

struct Scale {
    std::int64_t now;
    double top;

    std::int64_t x(const SecondNumbers& second) const {
        return history_seconds - (now - second.at);
    }
    double y(double value) const { return height * (1 - std::min(value / top, 1.0)); }
};

std::string points_text(History history, const Scale& scale, const Measure& measure) {
    std::string text;
    for (std::size_t i = 0; i < history.size(); ++i) {
        const auto& second = history[i];
        const double value = measure(history[i == 0 ? 0 : i - 1], second);
        fmt::format_to(std::back_inserter(text), "{}{} {:.1f}", i == 0 ? "" : "L", scale.x(second),
                       scale.y(value));
    }
    return text;
}

std::string curve_text(History history, const Scale& scale, const Curve& curve) {
    const std::string points = points_text(history, scale, curve.measure);
    return fmt::format("<path class=\"area {0}\" d=\"M{1} {2}L{3}L{4} {2}Z\"/>"
                       "<path class=\"line {0}\" d=\"M{3}\"/>",
                       curve.css_class, scale.x(history.front()), height, points,
                       scale.x(history.back()));
}

} // namespace

double highest(History history, const Measure& measure) {
    double most = 0;
    for (std::size_t i = 0; i < history.size(); ++i)
        most = std::max(most, measure(history[i == 0 ? 0 : i - 1], history[i]));
    return most;
}

double round_top(double value, double base) {
    if (value <= 1) return 1;
    double unit = 1;
    while (unit * base <= value && base != 10) unit *= base;
    const double power = std::pow(10, std::floor(std::log10(value / unit)));
    for (const double step : {1, 2, 4, 6, 8})
        if (step * power * unit >= value) return step * power * unit;
    return 10 * power * unit;
}

std::string chart_text(History history, std::int64_t now, double top,
                       std::span<const Curve> areas) {
    std::string text = fmt::format("<svg viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" "
                                   "aria-hidden=\"true\"><path class=\"grid\" "
                                   "d=\"M0 .5H600M0 50H600M300 0V100\"/>",
                                   history_seconds, height);
    for (const auto& curve : areas)
        if (!history.empty()) text += curve_text(history, {now, top}, curve);
    return text + "</svg>";
}

} // namespace preforkd::status
