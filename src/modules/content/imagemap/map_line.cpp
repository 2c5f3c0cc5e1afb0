#include "modules/content/imagemap/map_line.h"

#include <algorithm>
#include <cstdlib>

#include "modules/server/arguments.h"

namespace preforkd::imagemap {

namespace {

constexpr std::size_t most_points = 100;

void skip_blanks(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

std::optional<double> take_number(std::string_view& text) {
    const std::string copy(text.substr(0, 64));
    char* end = nullptr;
    const double number = std::strtod(copy.c_str(), &end);
    if (end == copy.c_str()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - copy.c_str()));
    return number;
}

std::vector<Point> take_points(std::string_view& text) {
    std::vector<Point> points;
    while (points.size() < most_points) {
        auto rest = text;
        skip_blanks(rest);
        const auto x = take_number(rest);
        if (!x) break;
        rest.remove_prefix(std::min(rest.find_first_not_of(", \t"), rest.size()));
        const auto y = take_number(rest);
        if (!y) break;
        points.push_back({*x, *y});
        text = rest;
    }
    return points;
}

std::string take_quoted(std::string_view& text) {
    skip_blanks(text);
    if (!text.starts_with('"')) return {};
    const auto end = std::min(text.find('"', 1), text.size());
    std::string quoted(text.substr(1, end - 1));
    text.remove_prefix(std::min(end + 1, text.size()));
    return quoted;
}

double cross(Point a, Point b, Point c) {
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

} // namespace

std::optional<MapLine> parse_line(std::string_view line) {
    MapLine parsed;
    parsed.directive = take_word(line);
    parsed.value = take_word(line);
    if (parsed.value.empty()) return std::nullopt;
    parsed.text = take_quoted(line);
    parsed.points = take_points(line);
    if (parsed.text.empty()) parsed.text = take_quoted(line);
    if (parsed.text.empty()) parsed.text = parsed.value;
    return parsed;
}

bool is_in_rectangle(Point point, const std::vector<Point>& corners) {
    if (corners.size() < 2) return false;
    const auto [left, right] = std::minmax(corners[0].x, corners[1].x);
    const auto [top, bottom] = std::minmax(corners[0].y, corners[1].y);
    return point.x >= left && point.x <= right && point.y >= top && point.y <= bottom;
}

bool is_in_circle(Point point, const std::vector<Point>& circle) {
    return circle.size() >= 2 &&
           squared_distance(circle[0], point) <= squared_distance(circle[0], circle[1]);
}

// How often a ray from the point to the right crosses an edge: inside, an odd number of times. A
// point on an edge is inside.
bool is_in_polygon(Point point, const std::vector<Point>& corners) {
    bool inside = false;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const Point a = corners[i], b = corners[(i + 1) % corners.size()];
        const auto [low, high] = std::minmax(a.y, b.y);
        const auto [left, right] = std::minmax(a.x, b.x);
        if (cross(a, b, point) == 0 && point.y >= low && point.y <= high && point.x >= left &&
            point.x <= right)
            return true;
        const bool crosses = (a.y > point.y) != (b.y > point.y) &&
                             point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x;
        if (crosses) inside = !inside;
    }
    return inside;
}

double squared_distance(Point a, Point b) {
    return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

} // namespace preforkd::imagemap
