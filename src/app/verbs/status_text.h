// The status page as lines for a terminal, from what it says to programs.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace preforkd {

// The lines of ?auto: "BusyWorkers: 1".
using StatusValues = std::map<std::string, std::string, std::less<>>;
StatusValues parse_status_values(std::string_view automatic);

// Version, uptime, traffic, children, and the scoreboard with its key.
std::string status_summary(const StatusValues& values);

// The objects of the array "slots" in ?json, each by its names; numbers as they stand there.
// Empty where the text is no such JSON.
std::vector<StatusValues> parse_slots(std::string_view json);

// A line for each child.
std::string slot_lines(const std::vector<StatusValues>& slots);

} // namespace preforkd
