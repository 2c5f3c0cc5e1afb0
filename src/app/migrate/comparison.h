// The requests of an access log, sent to the Apache that runs and to a preview of preforkd.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include "app/migrate/logged_requests.h"
#include "app/migrate/page_style.h"
#include "app/migrate/preview_ports.h"
#include "app/verbs/page_fetch.h"
#include "base/result.h"

namespace preforkd::migrate {

struct Comparison {
    std::size_t alike = 0;
    std::size_t differing = 0;
    std::size_t unanswered = 0;                 // by one of the two
    std::size_t changing = 0;                   // Apache itself answers otherwise the second time
    std::size_t left_out = 0;                   // of hosts at other ports
    std::map<std::string, std::size_t> by_kind; // "status" → how many requests

    std::string summary() const;
};

// Prints each difference as it is found. `is_over` is asked before every request.
Result<Comparison> compare(const LoggedRequests& requests, const PageAddress& apache,
                           const PreviewPorts& ports, const PageStyle& style,
                           const std::function<bool()>& is_over);

} // namespace preforkd::migrate
