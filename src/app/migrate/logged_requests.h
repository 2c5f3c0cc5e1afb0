// The GETs of an access log in the common or the combined format, also with a virtual host in
// front.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preforkd::migrate {

struct LoggedRequest {
    std::string host; // of a line with %v:%p; else empty
    unsigned short port = 0;
    std::string target;
    std::string referer, user_agent; // empty where they are not logged
};

// Nothing for another method, and for what is no such line.
std::optional<LoggedRequest> parse_log_line(std::string_view line);

struct LoggedRequests {
    std::vector<LoggedRequest> different; // each host and target once, in the order of the log
    std::size_t lines = 0;
    std::size_t gets = 0;
    bool cut = false; // there were more than `limit`
};
LoggedRequests parse_log(std::string_view text, std::size_t limit);

} // namespace preforkd::migrate
