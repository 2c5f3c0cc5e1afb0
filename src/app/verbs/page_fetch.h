// One page of a server on this machine, fetched with a GET of HTTP/1.0.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/process_settings.h"
#include "os/deadline.h"

namespace preforkd {

struct PageAddress {
    std::string host; // name or number, without brackets
    unsigned short port = 80;
    std::string target = "/"; // path and query
    std::string text() const; // "http://localhost:80/server-status"
};

// "http://localhost:80/server-status"; nothing for https or what is no URL.
std::optional<PageAddress> parse_page_address(std::string_view url);

// /server-status behind the first Listen line that speaks http.
std::optional<PageAddress> status_page_of(const std::vector<config::ListenAddress>& listen);

struct FetchedPage {
    int status = 0;
    std::string content;
};

// A whole response: its status and what follows the empty line.
std::optional<FetchedPage> parse_response(std::string_view response);

Result<FetchedPage> fetch_page(const PageAddress& page, std::string_view query, Duration patience);

} // namespace preforkd
