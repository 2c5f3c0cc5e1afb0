// A picture of the last ten minutes as SVG, 600 wide and 100 high: a unit is a second, and the page
// stretches it. Colours are the page's, by class.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "modules/content/status/status_text.h"

namespace preforkd::status {

// What is drawn of a second; it may look at the second before, which may be the same one.
using Measure = std::function<double(const SecondNumbers& before, const SecondNumbers& second)>;

struct Curve {
    std::string_view css_class;
    Measure measure;
};

double highest(History history, const Measure& measure);
// The round number from `value` on that is best for an axis. `base`: 10, or 1024 for bytes.
double round_top(double value, double base = 10);

// Areas in the order given, each over those before. `top`: the value at the upper edge.
std::string chart_text(History history, std::int64_t now, double top, std::span<const Curve> areas);

} // namespace preforkd::status
