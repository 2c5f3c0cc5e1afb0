// In what two answers to the same request differ, in few words.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/migrate/http_exchange.h"
#include "app/migrate/preview_ports.h"

namespace preforkd::migrate {

struct Difference {
    std::string what; // "status", "Content-Type", "body"
    std::string apache, preforkd;
};

// Left out is what two servers cannot have in common: Date, Server, how the connection goes on, the
// signature of an error page, the ports of the preview.
std::vector<Difference> differences_between(const Answer& apache, const Answer& preforkd,
                                            const PreviewPorts& ports);

} // namespace preforkd::migrate
