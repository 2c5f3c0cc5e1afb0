// A line of an image map: rect /page.html "Text" 0,0 10,20.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preforkd::imagemap {

struct Point {
    double x = 0, y = 0;
};

struct MapLine {
    std::string directive; // as it was written
    std::string value;
    std::string text; // for a menu; the value where there is none
    std::vector<Point> points;
};

// Nothing where directive or value are missing.
std::optional<MapLine> parse_line(std::string_view line);

bool is_in_rectangle(Point point, const std::vector<Point>& corners);
// Its centre, and a point on it.
bool is_in_circle(Point point, const std::vector<Point>& circle);
bool is_in_polygon(Point point, const std::vector<Point>& corners);
double squared_distance(Point a, Point b);

} // namespace preforkd::imagemap
